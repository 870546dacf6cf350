#include "server/schedule/scheduler.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "tests/support/ticking.hpp"

namespace sillage::server {

namespace {

using namespace std::chrono_literals;
using Instants = std::vector<std::string>;

constexpr Instant start{1'798'761'600'000};  // 2027-01-01
constexpr Duration day{86'400'000};

Instant days_from_start(std::int64_t count) { return start + Duration{count * day.milliseconds}; }

/// How long the log of the one instance is, as the engine's thread sees it.
net::awaitable<void> count_entries(Gate& gate, std::optional<std::size_t>& count) {
    auto work = [](Runtime& runtime) -> Result<std::size_t> {
        SILLAGE_TRY(const auto view, runtime.store().read());
        SILLAGE_TRY(const auto all, view->entries("ins_1", 0, 100));
        return all.size();
    };
    const Result<std::size_t> outcome = co_await gate.run(work);
    count = test::ok(outcome);
}

net::awaitable<void> start_instance(Gate& gate, test::Ticking& ticking, Instant at) {
    auto work = [&](Runtime&) -> Result<void> {
        ticking.start("ins_1", at);
        return success();
    };
    const Result<void> outcome = co_await gate.run(work);
    test::ok(outcome);
}

/// A scheduler with a clock that a test moves; its executor runs on the test's own thread.
struct Bench {
    explicit Bench(std::chrono::milliseconds sleep_max) {
        ScheduleOptions options;
        options.clock = [this] { return Instant{now}; };
        options.log = [this](std::string_view event, const boost::json::object&) {
            events.emplace_back(event);
        };
        options.sleep_max = sleep_max;
        options.retry = 1ms;
        scheduler.emplace(gate, context.get_executor(), options);
    }
    ~Bench() { gate.stop(); }

    void begin() { net::co_spawn(context, scheduler->run(), net::detached); }

    std::size_t entry_count() {
        std::optional<std::size_t> count;
        net::co_spawn(context, count_entries(gate, count), net::detached);
        while (!count) {
            context.run_one();
        }
        return *count;
    }
    /// Lets the scheduler go on until the log is that long, for ten seconds at most.
    bool reaches(std::size_t entries) {
        const auto give_up = std::chrono::steady_clock::now() + 10s;
        while (entry_count() < entries && std::chrono::steady_clock::now() < give_up) {
            context.run_for(1ms);
        }
        return entry_count() == entries;
    }

    std::atomic<std::int64_t> now = start.milliseconds;
    std::vector<std::string> events;
    test::Ticking ticking;
    net::io_context context;
    Gate gate{ticking.runtime};
    std::optional<Scheduler> scheduler;
};

}  // namespace

TEST_SUITE("schedule/scheduler") {
    TEST_CASE("what fell due while nobody was there fires at the start, at its own instants") {
        Bench bench(1h);
        bench.ticking.start("ins_1", days_from_start(-30));

        bench.begin();

        CHECK(bench.reaches(3));
        bench.gate.stop();
        CHECK(bench.ticking.log_of("ins_1") == Instants{"2026-12-02", "2026-12-12", "2026-12-22"});
    }

    TEST_CASE("a timer fires once the clock says so, and not before") {
        Bench bench(1ms);
        bench.ticking.start("ins_1", start);
        bench.begin();

        bench.now = days_from_start(10).milliseconds - 1;
        bench.context.run_for(30ms);
        CHECK(bench.entry_count() == 1);
        bench.now = days_from_start(10).milliseconds;

        CHECK(bench.reaches(2));
    }

    TEST_CASE("a step that brings something nearer wakes the scheduler") {
        Bench bench(1h);  // so long that only being woken can help
        bench.begin();
        bench.context.run_for(20ms);

        net::co_spawn(bench.context,
                      start_instance(bench.gate, bench.ticking, days_from_start(-10)),
                      net::detached);

        CHECK(bench.reaches(2));
    }

    TEST_CASE("stopping ends it") {
        Bench bench(1h);
        bench.begin();
        bench.context.run_for(20ms);
        bench.scheduler->stop();

        bench.context.run_for(10s);

        CHECK(bench.context.stopped());
    }

    TEST_CASE("when nothing can be fired it is said and tried again") {
        Bench bench(1ms);
        bench.gate.stop();
        bench.begin();

        bench.context.run_for(30ms);

        CHECK(bench.events.size() >= 2);
        CHECK(bench.events.front() == "timers_not_fired");
    }
}

}  // namespace sillage::server
