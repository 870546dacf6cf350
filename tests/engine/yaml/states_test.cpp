#include "engine/yaml/detail/states.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

std::string with_states(std::string_view states) {
    return "workflow: t\nversion: 1\nroles: { sme: }\nstates:\n" + std::string(states) + "\n";
}

std::vector<std::string> initial_of(const Definition& definition, std::string_view id) {
    const auto state = id.empty() ? root_state : *definition.find_state(id);
    std::vector<std::string> ids;
    for (const StateIndex target : definition.state(state).initial.targets) {
        ids.push_back(definition.state(target).id);
    }
    return ids;
}

TEST_SUITE_BEGIN("yaml/states");

TEST_CASE("a state starts where initial says, else in its first state that is no history") {
    const auto definition = test::definition_of(with_states(
        "  a: { initial: y, states: { x: , y: } }\n"
        "  b: { states: { h: { type: history }, x: { states: { z: } } } }\n"
        "  c: { initial: x.z, states: { y: , x: { states: { w: , z: } } } }\n"
        "  d: { initial: { target: y, actions: [ log: in ] }, states: { x: , y: } }\n"));

    CHECK(initial_of(*definition, "") == Lines{"a"});
    CHECK(initial_of(*definition, "a") == Lines{"a.y"});
    CHECK(initial_of(*definition, "b") == Lines{"b.x"});
    CHECK(initial_of(*definition, "c") == Lines{"c.x.z"});
    CHECK(initial_of(*definition, "d") == Lines{"d.y"});
    CHECK(definition->state(*definition->find_state("d")).initial.actions.size() == 1);
}

TEST_CASE("a history stands for its target, else for where its parent starts") {
    const auto definition = test::definition_of(with_states(
        "  a: { initial: y, states: { h: { history: deep }, g: { history: shallow, target: x }, "
        "x: , y: } }\n"
        "  p: { type: parallel, states: { r: , s: , h: { type: history } } }\n"
        "  c: { initial: h, states: { h: { type: history }, x: } }\n"));

    CHECK(initial_of(*definition, "a.h") == Lines{"a.y"});
    CHECK(initial_of(*definition, "a.g") == Lines{"a.x"});
    CHECK(initial_of(*definition, "p.h") == Lines{"p.r", "p.s"});
    CHECK(initial_of(*definition, "c.h") == Lines{"c.x"});
    CHECK(definition->state(*definition->find_state("a.h")).history == HistoryType::deep);
    CHECK(definition->state(*definition->find_state("a.g")).history == HistoryType::shallow);
}

TEST_CASE("a state keeps its words") {
    const auto definition = test::definition_of(with_states(
        "  a:\n    title: A\n    title_for: { sme: { en: Yours } }\n    description: D\n"
        "    tags: [hidden]\n    meta: { x: [1] }\n    waiting_for: sme\n"
        "    always_true: [\"1 < 2\", true]\n    entry: [ log: in ]\n    exit: [ log: out ]\n"
        "  f: { type: final, output: { x: 1 } }\n"));

    const State& a = definition->states[1];
    CHECK(a.title_for.at(0).first == "sme");
    CHECK(a.tags == Lines{"hidden"});
    CHECK(a.meta == boost::json::value({{"x", {1}}}));
    CHECK(a.waiting_for == "sme");
    CHECK(a.always_true.size() == 2);
    CHECK(a.entry.at(0).size() == 1);
    CHECK(a.exit.at(0).size() == 1);
    CHECK(definition->states[2].output.has_value());
}

TEST_CASE("keys that say nothing in a state of that type are refused") {
    struct Row {
        std::string state;
        std::string finding;
    };
    const Row rows[] = {
        {"{ type: final, on: { go: a } }", "5:21 misplaced-key"},
        {"{ initial: x }", "5:8 misplaced-key"},
        {"{ type: parallel, initial: x, states: { x: } }", "5:24 misplaced-key"},
        {"{ target: a }", "5:8 misplaced-key"},
        {"{ output: 1 }", "5:8 misplaced-key"},
        {"{ initial: b, states: { x: } }", "5:17 unknown-target"},
        {"{ initial: a, states: { x: } }", "5:17 initial"},
        {"{ states: { h: { type: history } } }", "5:3 history-alone"},
        {"{ states: { x: , h: { type: history, target: a } } }", "5:51 history-target"},
        {"{ states: { x: , h: { history: dep } } }", "5:37 unknown-word"},
        {"{ waiting_for: smee }", "5:21 unknown-role"},
        {"{ title_for: { smee: x } }", "5:21 unknown-role"},
        {"{ invoke: { workflow: w, src: b } }", "5:31 unknown-key"},
        {"{ always_true: 1 > 0 }", "5:21 wrong-type"},
        {"{ tags: hidden }", "5:14 wrong-type"},
        {"{ whiting_for: sme }", "5:8 unknown-key"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.state);
        CHECK(test::findings_of(with_states("  a: " + row.state)) == Lines{row.finding});
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
