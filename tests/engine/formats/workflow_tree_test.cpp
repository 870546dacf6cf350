#include "engine/formats/workflow_tree.hpp"

#include "engine/base/json.hpp"
#include "engine/yaml/write.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

std::string expanded(std::string_view yaml) {
    return to_yaml_text(workflow_tree(*test::definition_of(yaml)));
}

/// What is said between two lines of the expanded text of a workflow with these states.
std::string states_of(const std::string& states) {
    const std::string text = expanded(
        "workflow: t\nversion: 1\nroles: { sme: {}, mentor: {} }\n"
        "context: { score: { type: integer, default: 0 } }\n" +
        states);
    return text.substr(text.find("states:\n"));
}

TEST_SUITE_BEGIN("formats/workflow_tree");

TEST_CASE("what a file leaves to be inferred is written out") {
    CHECK(
        expanded("workflow: t\nversion: 1\nstates: { a: { on: { go: b } }, b: { type: final } }") ==
        "workflow: t\nversion: 1\ntimezone: UTC\ncalendar: {weekend: [sat, sun], holidays: []}\n"
        "type: compound\ninitial: a\nstates:\n"
        "  a: {type: atomic, on: {go: [{target: b}]}}\n"
        "  b: {type: final}\n");
}

TEST_CASE("whoever may act is named, and a guard is a list of checks") {
    CHECK(states_of("states:\n"
                    "  a: { on: { go: { guard: score > 1, otherwise: Not yet., target: b } } }\n"
                    "  b:\n") ==
          "states:\n"
          "  a:\n"
          "    type: atomic\n"
          "    on:\n"
          "      go:\n"
          "        - by: [sme, mentor]\n"
          "          guard: [{check: score > 1, otherwise: Not yet.}]\n"
          "          target: b\n"
          "  b: {type: atomic}\n");
}

TEST_CASE("what a deadline, onDone and onError do are transitions on their events") {
    const std::string text = states_of(
        "states:\n"
        "  a:\n"
        "    deadline: { within: 2 weeks, remind: [1 day], escalate: sme, target: b }\n"
        "    onDone: b\n"
        "    onError: b\n"
        "    states: { x: { type: final } }\n"
        "  b:\n");

    CHECK(text.find("    deadline: {within: 14 days, remind: [1 day], escalate: sme}\n") !=
          std::string::npos);
    CHECK(text.find("    on:\n"
                    "      deadline.expired.a: [{target: b}]\n"
                    "      done.state.a: [{target: b}]\n"
                    "      error.*: [{target: b}]\n") != std::string::npos);
}

TEST_CASE("timers keep their events, known and computed") {
    const std::string text = states_of(
        "states:\n"
        "  a: { after: { 36h: b, \"${duration('1s')}\": { actions: [ log: late ] } } }\n"
        "  b:\n");

    CHECK(text.find("    after:\n"
                    "      36h: [{target: b}]\n"
                    "      \"${duration('1s')}\": [{actions: [{log: late}]}]\n") !=
          std::string::npos);
}

TEST_CASE("a target that a sibling of the source hides is named by an id") {
    const char* const file =
        "workflow: t\nversion: 1\ninitial: a\nstates:\n"
        "  a: { states: { x: { on: { out: '#outer', in: y } }, y: } }\n"
        "  y: { id: outer }\n";
    const char* const hidden =
        "workflow: t\nversion: 1\ninitial: a\nstates:\n"
        "  a: { on: { out: y }, states: { x: { on: { go: .z }, states: { z: } }, y: } }\n"
        "  y:\n";

    CHECK(expanded(file).find("out: [{target: \"#outer\"}]") != std::string::npos);
    CHECK(expanded(file).find("in: [{target: a.y}]") != std::string::npos);
    CHECK(expanded(hidden).find("out: [{target: y}]") != std::string::npos);
}

TEST_CASE("literals that look like expressions stay literals") {
    const std::string file =
        "workflow: t\nversion: 1\ntitle: \"{{x}} {1 + 1}\"\nstates:\n"
        "  a: { entry: [ log: '$${x} ${1 + 1}', log: { a: ['$${'] } ] }\n";

    const std::string text = expanded(file);

    CHECK(text.find("title: \"{{x}} {1 + 1}\"") != std::string::npos);
    CHECK(text.find("log: \"$${x} ${1 + 1}\"") != std::string::npos);
    CHECK(text.find("log: {a: [\"$${\"]}") != std::string::npos);
    CHECK(expanded(text) == text);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
