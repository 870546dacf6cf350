#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

std::string with_states(std::string_view states) {
    return "workflow: t\nversion: 1\nstates:\n" + std::string(states) + "\n";
}

TEST_SUITE_BEGIN("yaml/state_tree");

TEST_CASE("states stand in document order, each before its descendants") {
    const auto definition =
        test::definition_of(with_states("  a: { states: { x: , y: { type: final } } }\n  b:\n"));

    const auto& states = definition->states;
    REQUIRE(states.size() == 5);
    CHECK(states[0].id.empty());
    CHECK(states[0].end == 5);
    CHECK(states[0].children == std::vector<StateIndex>{1, 4});
    CHECK(states[1].id == "a");
    CHECK(states[1].end == 4);
    CHECK(states[3].id == "a.y");
    CHECK(states[3].name == "y");
    CHECK(states[3].parent == 1);
    CHECK(states[4].place == Place{5, 3});
}

TEST_CASE("a null is a state without keys, as nothing is") {
    const auto definition = test::definition_of(with_states("  a: null\n  b:\n"));

    REQUIRE(definition->states.size() == 3);
    CHECK(definition->states[1].type == StateType::atomic);
    CHECK(definition->states[1].type == definition->states[2].type);
}

TEST_CASE("the type is what is written, or what the keys say") {
    const auto definition = test::definition_of(
        with_states("  a: { states: { h: { history: deep }, x: } }\n"
                    "  p: { type: parallel, states: { r: } }\n  f: { type: final }\n"));

    const auto type = [&](std::string_view id) {
        return definition->state(*definition->find_state(id)).type;
    };
    CHECK(type("a") == StateType::compound);
    CHECK(type("a.h") == StateType::history);
    CHECK(type("a.x") == StateType::atomic);
    CHECK(type("p") == StateType::parallel);
    CHECK(type("f") == StateType::final);
}

TEST_CASE("the document itself may be parallel") {
    CHECK(test::definition_of(with_states("  a:\ntype: parallel"))->states[0].type ==
          StateType::parallel);
    CHECK(test::findings_of(with_states("  a:\ntype: final")) == Lines{"5:7 unknown-word"});
}

TEST_CASE("names, types and ids that do not fit are found") {
    CHECK(test::findings_of(with_states("  a.b:")) == Lines{"4:3 name"});
    CHECK(test::findings_of(with_states("  1a:")) == Lines{"4:3 name"});
    CHECK(test::findings_of(with_states("  a: { type: paralel }")) == Lines{"4:14 unknown-word"});
    CHECK(test::findings_of(with_states("  a: { type: parallel }")) == Lines{"4:14 state-type"});
    CHECK(test::findings_of(with_states("  a: { type: final, states: { x: } }")) ==
          Lines{"4:14 state-type"});
    CHECK(test::findings_of(with_states("  a: { id: x }\n  b: { id: x }")) ==
          Lines{"5:12 duplicate-id"});
    CHECK(test::findings_of(with_states("  a: { states: {} }")) == Lines{"4:16 empty-map"});
    CHECK(test::findings_of(with_states("  a: b")) == Lines{"4:6 wrong-type"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
