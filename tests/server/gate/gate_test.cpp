#include "server/gate/gate.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "tests/support/await.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

/// A store that is never asked: the gate only passes the runtime on.
class NoStore final : public Store {
  public:
    Result<std::unique_ptr<ReadView>> read() override { return Error{}; }
    Result<std::unique_ptr<Transaction>> begin() override { return Error{}; }
    Result<void> ready() override { return success(); }
    std::uint64_t registry_revision() const override { return 0; }
    Result<std::uint64_t> watch(DurableWitness /*witness*/) override { return Error{}; }
};

/// Everything done with it has to be synced, which takes until somebody says that it is done.
class SlowStore final : public Store {
  public:
    Result<std::unique_ptr<ReadView>> read() override { return Error{}; }
    Result<std::unique_ptr<Transaction>> begin() override { return Error{}; }
    Result<void> ready() override { return success(); }
    std::uint64_t registry_revision() const override { return 0; }
    Result<std::uint64_t> watch(DurableWitness /*witness*/) override { return Error{}; }
    bool needs_sync() override { return true; }
    std::size_t unsynced_bytes() const override { return bytes; }
    void sync(const std::function<void(Result<void>)>& done) override {
        bytes = 0;
        story += "sync ";
        const std::lock_guard lock(mutex_);
        done_ = done;
        syncs_.fetch_add(1);
        syncs_.notify_all();
    }

    /// Waits for the first so many syncs to be asked for.
    void await_syncs(int count) {
        for (int seen = syncs_; seen < count; seen = syncs_) {
            syncs_.wait(seen);
        }
    }
    void finish() {
        std::function<void(Result<void>)> done;
        {
            const std::lock_guard lock(mutex_);
            done = std::exchange(done_, nullptr);
        }
        done(success());
    }

    /// The engine's thread only.
    std::size_t bytes = 0;
    std::string story;

  private:
    std::mutex mutex_;
    std::function<void(Result<void>)> done_;
    std::atomic<int> syncs_ = 0;
};

/// Writes so many bytes, and says when.
net::awaitable<void> write_bytes(Gate& gate, SlowStore& store, std::size_t bytes, std::latch& ran) {
    auto work = [&](Runtime&) -> Result<void> {
        store.story += "run ";
        store.bytes += bytes;
        ran.count_down();
        return success();
    };
    [[maybe_unused]] const auto outcome = co_await gate.run(work);
}

struct Bench {
    NoStore store;
    Runtime runtime{store};
};

net::awaitable<void> count_up(Gate& gate, std::vector<int>& order, int number) {
    auto work = [&](Runtime&) -> Result<int> {
        order.push_back(number);  // only the engine's thread touches it
        return number;
    };
    const auto outcome = co_await gate.run(work);
    if (!outcome || outcome.value() != number) {
        order.clear();
    }
}

/// Occupies the engine until both have arrived at `held`.
net::awaitable<void> hold(Gate& gate, std::latch& running, std::latch& held) {
    auto work = [&](Runtime&) -> Result<void> {
        running.count_down();
        held.wait();
        return success();
    };
    [[maybe_unused]] const auto outcome = co_await gate.run(work);
}

net::awaitable<void> note_outcome(Gate& gate, std::vector<ErrorCode>& refusals) {
    auto work = [](Runtime&) -> Result<void> { return success(); };
    const auto outcome = co_await gate.run(work);
    if (!outcome) {
        refusals.push_back(outcome.error().code);
    }
}

Result<int> run_on(Gate& gate, const std::function<Result<int>(Runtime&)>& work) {
    return test::await(gate.run(work));
}

}  // namespace

TEST_SUITE("gate/gate") {
    TEST_CASE("work runs on the engine's thread and the caller goes on with its result") {
        Bench bench;
        Gate gate(bench.runtime);
        std::thread::id there;

        const Result<int> outcome = run_on(gate, [&](Runtime& runtime) -> Result<int> {
            there = std::this_thread::get_id();
            return &runtime == &bench.runtime ? 42 : 0;
        });

        CHECK(test::ok(outcome) == 42);
        CHECK(there != std::this_thread::get_id());
    }

    TEST_CASE("an error comes back as it was") {
        Bench bench;
        Gate gate(bench.runtime);
        const Error error{.code = ErrorCode::conflict, .message = "Taken.", .where = "/key"};

        CHECK(test::error_of(run_on(gate, [&](Runtime&) -> Result<int> { return error; })) ==
              error);
        CHECK(gate.ready());
    }

    TEST_CASE("what waits is run in the order it came, one at a time") {
        Bench bench;
        Gate gate(bench.runtime);
        net::io_context context;
        std::vector<int> order;
        for (int number = 0; number < 500; ++number) {
            net::co_spawn(context, count_up(gate, order, number), net::detached);
        }

        context.run();

        REQUIRE(order.size() == 500);
        CHECK(std::ranges::is_sorted(order));
    }

    TEST_CASE("whoever comes when the queue is full is turned away at once") {
        Bench bench;
        Gate gate(bench.runtime, 3);
        net::io_context context;
        std::latch running(1);
        std::latch held(1);
        std::vector<ErrorCode> refusals;
        net::co_spawn(context, hold(gate, running, held), net::detached);
        context.poll();
        running.wait();
        for (int index = 0; index < 5; ++index) {
            net::co_spawn(context, note_outcome(gate, refusals), net::detached);
        }
        context.poll();
        CHECK(refusals == std::vector<ErrorCode>(3, ErrorCode::unavailable));
        CHECK(test::error_of(gate.check_room()).code == ErrorCode::unavailable);

        held.count_down();
        context.run();

        CHECK(refusals.size() == 3);
        CHECK(gate.check_room().has_value());
    }

    TEST_CASE("who waits for a sync takes a place like who waits for the engine") {
        SlowStore store;
        Runtime runtime(store);
        Gate gate(runtime, 2);
        net::io_context context;
        std::latch ran(2);
        net::co_spawn(context, write_bytes(gate, store, 1, ran), net::detached);
        context.poll();
        store.await_syncs(1);
        net::co_spawn(context, write_bytes(gate, store, 1, ran), net::detached);
        context.poll();
        ran.wait();  // nobody waits for the engine any more

        CHECK(test::error_of(gate.check_room()).code == ErrorCode::unavailable);

        store.finish();
        store.await_syncs(2);
        CHECK(gate.check_room().has_value());
        store.finish();
        context.run();
    }

    TEST_CASE("no more is added to a batch that has as much as one sync carries") {
        SlowStore store;
        Runtime runtime(store);
        Gate gate(runtime);
        net::io_context context;
        std::latch first(1);
        std::latch large(1);
        std::latch last(1);
        net::co_spawn(context, write_bytes(gate, store, 1, first), net::detached);
        context.poll();
        store.await_syncs(1);
        net::co_spawn(context, write_bytes(gate, store, 1UL << 30U, large), net::detached);
        net::co_spawn(context, write_bytes(gate, store, 1, last), net::detached);
        context.poll();
        large.wait();

        store.finish();
        store.await_syncs(2);
        last.wait();
        store.finish();
        store.await_syncs(3);
        store.finish();
        context.run();
        gate.stop();

        CHECK(store.story == "run sync run sync run sync ");
    }

    TEST_CASE("stopping runs what waits and turns later work away") {
        Bench bench;
        Gate gate(bench.runtime);
        net::io_context context;
        std::vector<int> order;
        for (int number = 0; number < 10; ++number) {
            net::co_spawn(context, count_up(gate, order, number), net::detached);
        }
        context.poll();

        gate.stop();

        CHECK(order.size() == 10);
        CHECK(test::error_of(gate.check_room()).code == ErrorCode::unavailable);
        CHECK(test::error_of(run_on(gate, [](Runtime&) -> Result<int> { return 1; })).code ==
              ErrorCode::unavailable);
        context.run();
        CHECK(order.size() == 10);
    }

    TEST_CASE("what a batch has changed can be looked at before its callers go on") {
        Bench bench;
        Gate gate(bench.runtime);
        int looks = 0;
        gate.after_turn = [&](Runtime&) { ++looks; };

        test::ok(run_on(gate, [](Runtime&) -> Result<int> { return 1; }));

        CHECK(looks == 1);
    }

    TEST_CASE("after a failed write nothing runs any more and the failure is told once") {
        Bench bench;
        Gate gate(bench.runtime);
        std::atomic<int> told = 0;
        gate.on_failure = [&](const Error&) { ++told; };

        CHECK_FALSE(run_on(gate, [](Runtime&) -> Result<int> {
            return Error{.code = ErrorCode::storage_failed};
        }));
        CHECK_FALSE(gate.ready());
        bool has_run = false;
        CHECK(test::error_of(run_on(gate, [&](Runtime&) -> Result<int> {
                  has_run = true;
                  return 1;
              })).code == ErrorCode::unavailable);
        CHECK_FALSE(has_run);
        CHECK(told == 1);
    }
}

}  // namespace sillage::server
