#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

std::vector<std::string> ids_of(const Definition& definition) {
    std::vector<std::string> ids;
    for (const State& state : definition.states) {
        ids.push_back(state.id);
    }
    return ids;
}

TEST_SUITE_BEGIN("formats/scxml_states");

TEST_CASE("states keep the document's ids, and those without get made ones") {
    const auto definition = test::scxml_definition(test::scxml_of(
        "<state id=\"a.b\"><state/><history id=\"h\"><transition target=\"state-2\"/>"
        "</history></state><final id=\"state-3\"/>"));

    CHECK(definition->dialect == Dialect::scxml);
    CHECK(ids_of(*definition) == Lines{"", "a.b", "state-2", "h", "state-3"});
    CHECK(definition->find_state("a.b") == StateIndex{1});
    CHECK(definition->state(1).type == StateType::compound);
    CHECK(definition->state(3).initial.targets == std::vector<StateIndex>{2});
}

TEST_CASE("states are found by their ids after all that reading needed is gone") {
    const auto text = test::scxml_of("<state id=\"s0\"/><state id=\"s1\"/>");
    const auto definition = test::scxml_definition(text);
    const auto others = std::vector{test::scxml_definition(text), test::scxml_definition(text)};

    CHECK(definition->find_state("s0") == StateIndex{1});
    CHECK(definition->find_state("s1") == StateIndex{2});
    CHECK(others.back()->find_state("s1") == StateIndex{2});
}

TEST_CASE("a state starts where initial says, else in its first state") {
    const auto definition = test::scxml_definition(test::scxml_of(
        "<state id=\"a\"><state id=\"a1\"/></state><parallel id=\"p\"><state id=\"q\"><initial>"
        "<transition target=\"q2\"><log expr=\"1\"/></transition></initial><state id=\"q1\"/>"
        "<state id=\"q2\"/></state><state id=\"r\"/></parallel>",
        "initial=\"q1 r\""));

    CHECK(definition->state(0).initial.targets.size() == 2);
    CHECK(definition->state(1).initial.targets == std::vector<StateIndex>{2});
    CHECK(definition->state(4).initial.targets == std::vector<StateIndex>{6});
    CHECK(definition->state(4).initial.actions.size() == 1);
}

TEST_CASE("a transition is internal only from a compound state to states inside it") {
    const auto definition = test::scxml_definition(
        test::scxml_of("<state id=\"a\"><transition event=\"x y.* z.\" type=\"internal\" "
                       "target=\"a1\"/><transition event=\"e\" target=\"a1\"/><transition "
                       "event=\"f\" type=\"internal\" target=\"b\"/><state id=\"a1\"/></state>"
                       "<state id=\"b\"/>"));

    CHECK(definition->transitions[0].internal);
    CHECK_FALSE(definition->transitions[1].internal);
    CHECK_FALSE(definition->transitions[2].internal);
    CHECK(definition->transitions[0].events == std::vector<std::string>{"x", "y.*", "z"});
}

TEST_CASE("defaults that lead nowhere, outside or have conditions are errors") {
    struct Row {
        std::string_view inside;
        std::string_view code;
    };
    constexpr Row rows[] = {
        {"<state id=\"a\"><history id=\"h\"/><state id=\"b\"/></state>", "default-transition"},
        {"<state id=\"a\"><history id=\"h\"><transition target=\"c\"/></history><state "
         "id=\"b\"/></state><state id=\"c\"/>",
         "history-target"},
        {"<state id=\"a\"><initial><transition event=\"e\" target=\"b\"/></initial><state "
         "id=\"b\"/></state>",
         "default-transition"},
        {"<state id=\"a\" initial=\"c\"><state id=\"b\"/></state><state id=\"c\"/>", "initial"},
        {"<state id=\"a\" initial=\"a\"/>", "initial"},
        {"<state id=\"a\"><transition event=\"e\" target=\"b c\"/></state><state id=\"b\"/><state "
         "id=\"c\"/>",
         "targets-apart"},
        {"<datamodel/>", "no-states"}};
    for (const Row& row : rows) {
        CAPTURE(row.inside);
        const auto findings = test::scxml_findings(test::scxml_of(row.inside));

        REQUIRE_FALSE(findings.empty());
        CHECK(findings.front().ends_with(" " + std::string(row.code)));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
