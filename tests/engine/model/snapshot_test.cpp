#include "engine/model/snapshot.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/snapshot") {
    TEST_CASE("a context copied onto another is that context") {
        const boost::json::value kinds[] = {nullptr,
                                            1,
                                            2,
                                            1.5,
                                            true,
                                            "a",
                                            boost::json::string(99, 'b'),
                                            boost::json::array{1, "c"},
                                            boost::json::object{{"d", nullptr}}};
        for (const boost::json::value& from : kinds) {
            for (const boost::json::value& to : kinds) {
                const ContextValues original{from, 7};
                ContextValues copy{to};

                copy = original;
                CHECK(copy == original);
                copy = ContextValues{to};
                CHECK(copy.size() == 1);
            }
        }
    }

    TEST_CASE("a snapshot copied onto another is that snapshot") {
        const Snapshot full{.sequence = 2,
                            .at = Instant{3},
                            .configuration = {1, 2},
                            .history = {{3, {2}}},
                            .context = {1, "text"},
                            .entered = {{1, Instant{3}}},
                            .last = {{"go", {.at = Instant{3}, .by = "acc_1", .count = 4}}},
                            .timers = {{.id = 5, .event = "late"}},
                            .next_timer_id = 6,
                            .kept = {{2, {.left = Duration{7}}}},
                            .overdue = {1},
                            .queue = {{.event = "on"}},
                            .children = {{.serial = 8}},
                            .next_child = 9,
                            .next_made_id = 10,
                            .done = true,
                            .ended_in = 2,
                            .output = "over",
                            .incident = Incident{.code = "step_limit"}};
        const Snapshot other{.context = {2, 3}, .timers = {{.id = 1}, {.id = 2}}, .output = 4};
        for (const Snapshot& from : {full, other, Snapshot{}}) {
            for (const Snapshot& to : {full, other, Snapshot{}}) {
                Snapshot copy = to;
                copy_onto(copy, from);

                CHECK((copy == from));
            }
        }
    }

    TEST_CASE("a state is active when the configuration has it") {
        const Snapshot snapshot{.configuration = {0, 2, 5}};

        CHECK(is_active(snapshot, 2));
        CHECK_FALSE(is_active(snapshot, 3));
        CHECK_FALSE(is_active(Snapshot{}, 0));
    }
}
