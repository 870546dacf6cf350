#include "engine/formats/outline.hpp"

#include "engine/formats/diagram.hpp"
#include "tests/support/findings.hpp"

using namespace sillage;

namespace {

const Definition& call() {
    static const auto definition = test::definition_of(R"(
workflow: call
version: 1
roles: { sme: {}, evaluator: {} }
initial: open
states:
  open:
    title: Open
    title_for: { sme: Being read }
    initial: first
    states:
      first: { tags: [hidden], on: { sign: { by: evaluator, target: second } } }
      second: { tags: [hidden], deadline: { within: 2 days, target: late } }
    on:
      deadline.expired.open.second: late
      ask: { by: sme, target: .first }
  late: { type: final }
  frozen:
    tags: [hidden]
    initial: asked
    states: { asked: { on: { thaw: { by: evaluator, target: open } } } }
)");
    return *definition;
}

}  // namespace

TEST_SUITE("formats/outline") {
    TEST_CASE("for the staff it is the whole workflow") {
        const Outline outline = outline_of(call(), {.roles = {"evaluator"}}, Audience::staff);

        CHECK(outline.definition.states == call().states);
        CHECK(outline.definition.transitions == call().transitions);
    }

    TEST_CASE("for an outsider states that hold hidden ones alone are plain") {
        const Outline outline = outline_of(call(), {.roles = {"sme"}}, Audience::outside);
        const auto& states = outline.definition.states;

        REQUIRE(states.size() == 4);
        CHECK(states[0].children == std::vector<StateIndex>{1, 2, 3});
        CHECK(states[0].end == 4);
        CHECK(states[1].type == StateType::atomic);
        CHECK(states[1].title == call().state(1).title_for.front().second);
        CHECK(states[3].id == "frozen");
        CHECK(outline.places == std::vector<StateIndex>{0, 1, 1, 1, 2, 3, 3});
    }

    TEST_CASE("for an outsider no arrow leads out of a hidden state or names one") {
        const Outline outline = outline_of(call(), {}, Audience::outside);

        REQUIRE(outline.definition.transitions.size() == 1);
        CHECK(outline.definition.transitions[0].events == std::vector<std::string>{"ask"});
        CHECK(outline.definition.transitions[0].targets == std::vector<StateIndex>{1});
        CHECK(to_dot(outline.definition, {}).find("second") == std::string::npos);
        CHECK(to_mermaid(outline.definition, {}).find("second") == std::string::npos);
    }
}
