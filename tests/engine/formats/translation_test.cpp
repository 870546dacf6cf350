#include "engine/formats/detail/translation.hpp"

#include "engine/formats/workflow_write.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

Expression cel(const char* text) { return {.text = text}; }
ValueTemplate value(const char* text) { return {.node = cel(text)}; }

/// `s1` with `s1.x` and `s 2` inside, and `s2`; data `Var1` and `now`.
Definition document() {
    Definition definition{.dialect = Dialect::scxml, .name = "A chart"};
    definition.context = {{.name = "Var1"}, {.name = "now"}};
    definition.states = {
        {.type = StateType::compound, .children = {1, 4}, .end = 5, .initial = {.targets = {1}}},
        {.id = "s1",
         .name = "s1",
         .type = StateType::compound,
         .children = {2, 3},
         .end = 4,
         .initial = {.targets = {2}}},
        {.id = "s1.x", .name = "s1.x", .parent = 1, .end = 3},
        {.id = "s1-x", .name = "s1-x", .parent = 1, .end = 4},
        {.id = "2nd", .name = "2nd", .end = 5}};
    return definition;
}

void add(Definition& definition, StateIndex source, Transition transition) {
    transition.source = source;
    definition.states[source].transitions.push_back(
        static_cast<TransitionIndex>(definition.transitions.size()));
    definition.transitions.push_back(std::move(transition));
}

TEST_SUITE_BEGIN("formats/translation");

TEST_CASE("ids become paths, wherever they stand") {
    Definition definition = document();
    add(definition, 1,
        {.events = {"done.state.s1.x"},
         .targets = {4},
         .guard = {{.check = cel("In('s1.x') && _event.data == now")}}});

    const Translation translation = translate(definition);

    CHECK(translation.losses.empty());
    CHECK(translation.definition.name == "A_chart");
    CHECK(translation.definition.states[2].id == "s1.s1_x");
    CHECK(translation.definition.states[3].id == "s1.s1-x");
    CHECK(translation.definition.states[4].id == "_2nd");
    CHECK(translation.definition.transitions[0].events.front() == "done.state.s1.s1_x");
    CHECK(translation.definition.transitions[0].guard.front().check.text ==
          "In('s1.s1_x') && event.data == now_");
}

TEST_CASE("a document becomes a file that checks without errors") {
    Definition definition = document();
    definition.states[0].data = {
        {.field = 0, .value = ValueTemplate{.node = boost::json::value(1)}},
        {.field = 1, .value = value("Var1 + 1")}};
    definition.states[1].entry = {
        {{.node = SendAction{.event = {.node = boost::json::value("up")},
                             .data = value("now"),
                             .to = {.node = boost::json::value("#_internal")}}},
         {.node = ForEachAction{
              .in = cel("[1, 2]"),
              .as = "Var1",
              .as_field = 0,
              .body = {{.node = Assign{.items = {{.path = {"now"}, .value = value("Var1")}}}}}}}}};
    add(definition, 2, {.events = {"up"}, .targets = {3}});

    const WrittenWorkflow written = to_workflow(definition);

    CAPTURE(written.text);
    CHECK(written.losses.empty());
    CHECK(written.text.find("default: 1") != std::string::npos);
    CHECK(written.text.find("entry: [{assign: {now_: \"${Var1 + 1}\"}}]") != std::string::npos);
    CHECK(written.text.find("raise: {event: up, data: \"${now_}\"}") != std::string::npos);
    CHECK(written.text.find("as: Var1_each") != std::string::npos);
    CHECK(test::definition_of(written.text)->states.size() == 5);
}

TEST_CASE("what a workflow cannot say is named, once") {
    Definition definition = document();
    definition.late_binding = true;
    definition.states[1].entry = {{{.node = LogAction{.value = value("_sessionid")}}},
                                  {{.node = LogAction{.value = value("_sessionid")}}}};
    definition.states[2].invokes = {{.id = "c"}};

    CHECK(translate(definition).losses ==
          std::vector<std::string>{
              "Several blocks of onentry or onexit become one: a failure ends them all.",
              "A workflow has no variable _sessionid.",
              "A workflow invokes others by their names; what is invoked here is left out.",
              "Data are set when the workflow starts, not when their state is entered."});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
