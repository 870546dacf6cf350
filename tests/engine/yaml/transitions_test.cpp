#include "engine/yaml/detail/transitions.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/calendar/calendar.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow whose state `a` has those keys, from line 9 on.
std::string with_keys(std::string_view keys) {
    return "workflow: t\nversion: 1\nroles: { sme: , mentor: }\n"
           "context: { due: { type: string, format: date-time }, ok: { type: boolean } }\n"
           "states:\n  b: { states: { x: } }\n  a:\n    states: { k: , l: }\n" +
           std::string(keys) + "\n";
}

std::shared_ptr<const Definition> read(std::string_view keys) {
    return test::definition_of(with_keys(keys));
}

TEST_SUITE_BEGIN("yaml/transitions");

TEST_CASE("a target alone, a mapping and a list of both are transitions tried in order") {
    const auto definition = read(
        "    on:\n      go: b\n      back: { by: sme, target: a }\n"
        "      both:\n        - { by: [sme, mentor], guard: ok == true, target: b }\n        - "
        "b\n");

    const auto& transitions = definition->transitions;
    REQUIRE(transitions.size() == 4);
    CHECK(definition->states[3].transitions == std::vector<TransitionIndex>{0, 1, 2, 3});
    CHECK(transitions[0].events == Lines{"go"});
    CHECK(transitions[0].place == Place{10, 7});
    CHECK(transitions[1].by == Lines{"sme"});
    CHECK(transitions[2].by == Lines{"sme", "mentor"});
    CHECK(transitions[2].place == Place{13, 11});
    CHECK(transitions[3].guard.empty());
}

TEST_CASE("internal is what stays inside a compound source and does not re-enter") {
    const auto definition = read(
        "    always:\n      - .k\n      - { target: .k, reenter: true }\n      - a\n      - b\n"
        "      - { actions: [] }\n");

    Lines shown;
    for (const Transition& transition : definition->transitions) {
        shown.emplace_back(transition.internal ? "internal" : "external");
        CHECK(transition.trigger == Trigger::eventless);
    }
    CHECK(shown == Lines{"internal", "external", "external", "external", "external"});
}

TEST_CASE("a guard is an expression or a list of checks, each with its otherwise") {
    const auto definition = read(
        "    on:\n      one: { by: sme, guard: ok, otherwise: Not ok }\n"
        "      two: { by: sme, guard: [ { check: ok }, { check: 1 < 2, otherwise: No } ] }\n");

    CHECK(definition->transitions[0].guard.at(0).otherwise.variants.size() == 1);
    CHECK(definition->transitions[1].guard.size() == 2);
    CHECK(definition->transitions[1].guard[0].otherwise.empty());
    CHECK(definition->transitions[1].guard[1].check.text == "1 < 2");
}

TEST_CASE("after and deadline become timers and transitions on their events") {
    const auto definition = read(
        "    after: { 14 days: b, \"${duration('1s')}\": b, 90 min: [b] }\n"
        "    deadline: { within: 2 weeks, remind: [3 days, 1d], target: b, escalate: mentor, "
        "keep: true }\n");

    const State& a = definition->states[3];
    REQUIRE(a.after.size() == 3);
    CHECK(a.after[0].event == "after.a.P14D");
    CHECK(std::get<Expression>(a.after[1].delay).text == "duration('1s')");
    CHECK(a.after[2].event == "after.a.PT1H30M");
    REQUIRE(a.deadline.has_value());
    CHECK(to_iso(std::get<CalendarDuration>(*a.deadline->within)) == "P14D");
    CHECK(a.deadline->remind.size() == 2);
    CHECK(a.deadline->escalate == "mentor");
    CHECK(a.deadline->keep);
    CHECK(definition->transitions.at(3).events == Lines{"deadline.expired.a"});
    CHECK(definition->transitions[0].events == Lines{"after.a.P14D"});
}

TEST_CASE("onDone and onError wait for the engine's events") {
    const auto definition = read("    onDone: b\n    onError: { target: b }\n");

    CHECK(definition->transitions.at(0).events == Lines{"done.state.a"});
    CHECK(definition->transitions.at(1).events == Lines{"error"});
}

TEST_CASE("event.data has the form's type, in the guard and the actions") {
    const std::string start =
        "    on:\n      go: { by: sme, form: { n: { type: integer, required: true } }, ";

    CHECK(test::findings_of(with_keys(start + "guard: event.data.n > 1 }")).empty());
    CHECK(test::findings_of(with_keys(start + "guard: event.data.m > 1 }")).size() == 1);
    CHECK(test::findings_of(with_keys(start + "actions: [ log: \"${event.data.m}\" ] }")).size() ==
          1);
}

TEST_CASE("an event that accounts may send without by is worth a word") {
    CHECK(test::findings_of(with_keys("    on: { go: { target: b } }")) ==
          Lines{"9:11 ?by-missing"});
    CHECK(test::findings_of(with_keys("    on: { \"*\": b, x.*: b }")) ==
          Lines{"9:11 ?by-missing", "9:19 ?by-missing"});
    CHECK(test::findings_of(with_keys("    on: { done.state.b: b, error.*: b }")).empty());
    CHECK(test::findings_of(with_keys("    on: { go: { by: system, target: b } }")).empty());
}

TEST_CASE("what a transition may not say is found") {
    struct Row {
        std::string keys;
        std::string finding;
    };
    const Row rows[] = {
        {"always: { by: sme, target: b }", "9:15 by-not-asked"},
        {"onDone: { by: sme, target: b }", "9:15 by-not-asked"},
        {"after: { 1 day: { by: sme, target: b } }", "9:23 by-not-asked"},
        {"always: { form: { x: {} }, target: b }", "9:15 ?form-not-asked"},
        {"on: { go away: { by: sme } }", "9:11 name"},
        {"on: { go: { by: smee } }", "9:21 unknown-role"},
        {"on: { go: { by: [] } }", "9:21 empty-list"},
        {"on: { go: { by: sme, tagret: b } }", "9:26 unknown-key"},
        {"on: { go: { by: sme, otherwise: x } }", "9:26 ?unused-otherwise"},
        {"on: { go: { by: sme, guard: [ ok ] } }", "9:35 wrong-type"},
        {"on: { go: { by: sme, guard: [ { otherwise: x } ] } }", "9:35 missing-key"},
        {"on: { go: { by: sme, reenter: maybe } }", "9:35 wrong-type"},
        {"on: { go: [] }", "9:15 empty-list"},
        {"on: { go: }", "9:11 wrong-type"},
        {"on: [ go ]", "9:9 wrong-type"},
        {"after: { soon: b }", "9:14 duration"},
        {"after: { 24h: b, PT24H: b }", "9:22 duplicate-key"},
        {"deadline: { remind: [1 day] }", "9:15 missing-key"},
        {"deadline: { within: 1 day, at: due }", "9:15 missing-key"},
        {"deadline: { at: ok }", "9:21 type-mismatch"},
        {"deadline: { within: 1 day, remind: 3 h }", "9:40 wrong-type"},
        {"deadline: { within: 1 day, escalate: me }", "9:42 unknown-role"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.keys);
        CHECK(test::findings_of(with_keys("    " + row.keys)) == Lines{row.finding});
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
