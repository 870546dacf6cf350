#include "engine/formats/detail/sketch.hpp"

#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

constexpr auto workflow = R"(workflow: t
version: 1
roles: { sme: { title: { en: Company, fr: Entreprise } }, lead: {} }
context: { score: { type: integer, default: 0 } }
states:
  a:
    title: { en: "At {score}", fr: "À {score}" }
    waiting_for: sme
    deadline: { within: 10 working days, remind: [1 day], target: b }
    after: { 6 months: b }
    always: { guard: score > 90, target: b }
    on:
      go: { title: { en: Go, fr: Aller }, by: [sme, system], target: b }
      note: { by: lead, actions: [log: x] }
      again: { by: lead, target: a }
      deadline.approaching.a: { actions: [log: soon] }
      deadline.expired.c.d: b
  b: { onDone: c, states: { e: { type: final } } }
  c: { states: { d: { id: deep, title: Dee, deadline: { at: now } } } }
)";

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += (text.empty() ? "" : " | ") + line;
    }
    return text;
}

TEST_SUITE_BEGIN("formats/sketch");

TEST_CASE("all transitions between two states share an arrow, a line each") {
    const auto definition = test::definition_of(workflow);

    const Sketch sketch = sketch_of(*definition, {.languages = {"en"}});

    REQUIRE(sketch.edges.size() == 2);
    CHECK(joined(sketch.edges[0].lines) ==
          "deadline passed | after 6 months | [score > 90] | Go (Company) | deadline passed: Dee");
    CHECK(joined(sketch.edges[1].lines) == "all done");
}

TEST_CASE("what leads nowhere else stands inside its state, with notes before it") {
    const auto definition = test::definition_of(workflow);

    const Sketch sketch = sketch_of(*definition, {.languages = {"fr-BE"}});

    CHECK(sketch.nodes[1].title == "À …");
    CHECK(joined(sketch.nodes[1].notes) == "attend : Entreprise | sous 10 jours ouvrés");
    CHECK(joined(sketch.nodes[1].inside) == "note (lead) | again (lead) ↺ | rappel");
    CHECK(sketch.title == "t · 1");
}

TEST_CASE("a state is active with all those around it") {
    const auto definition = test::definition_of(workflow);
    const auto found = test::ok(find_states(*definition, {"#deep"}));

    const Sketch sketch = sketch_of(*definition, {.active = found});

    CHECK(sketch.nodes[found.front()].active);
    CHECK(sketch.nodes[*definition->find_state("c")].active);
    CHECK_FALSE(sketch.nodes[*definition->find_state("a")].active);
}

TEST_CASE("an unknown state is refused with the nearest one") {
    const auto definition = test::definition_of(workflow);

    CHECK(test::error_of(find_states(*definition, {"a", "c.dd"})).message ==
          "There is no state \"c.dd\"; did you mean \"c.d\"?");
    CHECK(test::error_of(find_states(*definition, {"nowhere_at_all"})).message ==
          "There is no state \"nowhere_at_all\".");
    CHECK(test::error_of(find_states(*definition, {""})).code == ErrorCode::invalid_argument);
}

TEST_CASE("text is broken at spaces and cut at code points") {
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("élève éloigné\nune-tres-longue-chaine", 13) ==
          std::vector<std::string>{"élève éloigné", "une-tres-longue-chaine"});
    CHECK(wrapped(" \t\x01 ", 5).empty());
    CHECK(shortened("éééé", 4) == "éééé");
    CHECK(shortened("ééééé", 4) == "ééé…");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
