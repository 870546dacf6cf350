#include "engine/timers/due.hpp"

#include <doctest/doctest.h>

using namespace sillage;

namespace {

Timer timer(std::uint64_t id, std::int64_t due) {
    return {.id = id, .event = "t", .due = Instant{due}};
}

std::vector<std::uint64_t> ids_of(const std::vector<Timer>& timers) {
    std::vector<std::uint64_t> ids;
    for (const Timer& each : timers) {
        ids.push_back(each.id);
    }
    return ids;
}

}  // namespace

TEST_SUITE("timers/due") {
    TEST_CASE("equals fire in order of due time, then start, then document order") {
        Timer late = timer(1, 20);
        Timer started_later = timer(2, 10);
        started_later.started = Instant{5};
        Timer deep = timer(3, 10);
        deep.state = 7;
        Timer shallow = timer(4, 10);
        shallow.state = 2;
        Timer shallow_second = shallow;
        shallow_second.id = 5;
        const Snapshot snapshot{.timers = {late, started_later, deep, shallow_second, shallow}};

        CHECK(ids_of(due_timers(snapshot, Instant{20})) ==
              std::vector<std::uint64_t>{4, 5, 3, 2, 1});
        CHECK(next_timer(snapshot)->id == 4);
    }

    TEST_CASE("a timer is due at its instant, not before") {
        const Snapshot snapshot{.timers = {timer(1, 10)}};

        CHECK(due_timers(snapshot, Instant{9}).empty());
        CHECK(ids_of(due_timers(snapshot, Instant{10})) == std::vector<std::uint64_t>{1});
    }

    TEST_CASE("a failed timer waits for its incident to be resolved") {
        Timer failed = timer(1, 10);
        failed.failed = true;
        const Snapshot snapshot{.timers = {failed, timer(2, 30)}};

        CHECK(next_timer(snapshot)->id == 2);
        CHECK(due_timers(snapshot, Instant{20}).empty());
    }

    TEST_CASE("without timers nothing is next") { CHECK(next_timer(Snapshot{}) == nullptr); }
}
