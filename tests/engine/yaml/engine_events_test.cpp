#include "engine/yaml/detail/engine_events.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/calendar/calendar.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow whose state `a.x` listens to an event, on line 9.
std::string with_event(std::string_view event) {
    return "workflow: t\nversion: 1\nafter: { 1 day: b }\nstates:\n"
           "  a:\n    after: { 90 min: b, P1Y2M10D: b, 500ms: b }\n    states:\n      x:\n"
           "        on: { " +
           std::string(event) +
           ": b }\n        deadline: { within: 1 day }\n        invoke: { workflow: w, id: c }\n"
           "  b:\n";
}

TEST_SUITE_BEGIN("yaml/engine_events");

TEST_CASE("the event of a delay written in ISO 8601 has its very text, any other the shortest") {
    struct Row {
        std::string written;
        std::string name;
    };
    const Row rows[] = {{"P1Y2M10D", "P1Y2M10D"}, {"PT90M", "PT90M"},    {"P2W", "P2W"},
                        {"2 weeks", "P14D"},      {"90 min", "PT1H30M"}, {"18 months", "P18M"},
                        {"PT0,5S", "PT0.5S"}};
    for (const Row& row : rows) {
        CAPTURE(row.written);
        CHECK(iso_name(test::ok(parse_duration(row.written)), row.written) == row.name);
    }
}

TEST_CASE("a timer is found however its length is written") {
    struct Row {
        std::string event;
        std::string resolved;
    };
    const Row rows[] = {{"after.a.PT90M", "after.a.PT1H30M"},
                        {"after.a.PT1H30M", "after.a.PT1H30M"},
                        {"after.a.P14M10D", "after.a.P1Y2M10D"},
                        {"after.a.PT0.5S", "after.a.PT0.5S"},
                        {"after.PT24H.x", "after.PT24H.x"},
                        {"after.P1D", "after.P1D"},
                        {"after.a.*", "after.a.*"}};
    for (const Row& row : rows) {
        CAPTURE(row.event);
        const auto definition = test::definition_of(with_event(row.event));

        const State& listener = definition->states[2];
        CHECK(definition->transitions.at(listener.transitions.at(0)).events == Lines{row.resolved});
    }
}

TEST_CASE("what the engine never sends is warned of") {
    struct Row {
        std::string event;
        bool is_sent;
    };
    const Row rows[] = {{"done.state.a", true},
                        {"done.state.a.x", false},
                        {"done.state.q", false},
                        {"done.state.a.*", true},
                        {"done.state.*", true},
                        {"done.invoke.c", true},
                        {"done.invoke.c.*", true},
                        {"done.invoke.d", false},
                        {"done.invoke.*", true},
                        {"deadline.expired.a.x", true},
                        {"deadline.expired.a", false},
                        {"deadline.expired.a.*", true},
                        {"deadline.approaching.b", false},
                        {"after.a.P1D", false},
                        {"after.b.P1D", false},
                        {"done.*", true},
                        {"error.communication.c", true}};
    for (const Row& row : rows) {
        CAPTURE(row.event);
        const Lines expected = row.is_sent ? Lines{} : Lines{"9:15 ?never-sent"};
        CHECK(test::findings_of(with_event(row.event)) == expected);
    }
}

TEST_CASE("each child of a list ends for itself, and all of them together") {
    const auto findings = test::findings_of(
        "workflow: t\nversion: 1\nstates:\n  a:\n    invoke: { workflow: w, id: c, each: \"[1]\" "
        "}\n"
        "    on:\n      done.invoke.c: b\n      done.invoke.c.0: b\n      done.invoke.c.x: b\n  "
        "b:\n");

    CHECK(findings == Lines{"9:7 ?never-sent"});
}

TEST_CASE("a last time of what no transition waits for is warned of") {
    struct Row {
        std::string asked;
        bool is_awaited;
    };
    const Row rows[] = {{"go", true},           {"go.far", true}, {"goal", false},
                        {"done.state.a", true}, {"tick", true},   {"tick.*", true},
                        {"done.state.b", false}};
    for (const Row& row : rows) {
        CAPTURE(row.asked);
        const Lines expected = row.is_awaited ? Lines{} : Lines{"7:26 ?unknown-event"};
        CHECK(test::findings_of("workflow: t\nversion: 1\nstates:\n  a:\n    onDone: b\n"
                                "    always: { target: b, guard: \"false\" }\n"
                                "    entry: [log: \"${last('" +
                                row.asked +
                                "')}\"]\n    on: { go: { target: b, by: system }, tick.*: { "
                                "actions: [], by: system } }\n"
                                "    states: { x: { type: final } }\n  b:\n") == expected);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
