#include "engine/base/json.hpp"
#include "engine/interpreter/status.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

std::vector<std::string> shapes_of(const Definition& definition, const Step& step) {
    std::vector<std::string> texts;
    for (const Effect& effect : step.effects) {
        texts.push_back(to_json_text(effect_json(definition, effect)));
    }
    return texts;
}

}  // namespace

TEST_SUITE("interpreter/shapes") {
    TEST_CASE("every effect has a kind and what it is about") {
        Chart chart(R"(
workflow: w
version: 1
roles: { sme: {} }
initial: a
states:
  a:
    after: { 1 day: b }
    on:
      go:
        target: b
        actions:
          - log: 1
          - emit: { type: t, data: { n: 2 } }
          - notify: { role: sme, text: { fr: Bonjour, en: Hello } }
          - send: { event: e, data: { n: 3 } }
          - send: { event: f, after: 1s, id: i }
  b: {}
)");

        CHECK(shapes_of(*chart.definition, chart.send("go")) ==
              std::vector<std::string>{
                  R"({"kind":"cancel_timer","id":1,"event":"after.a.P1D"})",
                  R"({"kind":"log","value":1})", R"({"kind":"emit","type":"t","data":{"n":2}})",
                  R"({"kind":"notify","role":"sme","text":"Hello",)"
                  R"("texts":{"fr":"Bonjour","en":"Hello"}})",
                  R"({"kind":"send","event":"e","data":{"n":3},"to":"","send_id":""})",
                  R"({"kind":"start_timer","id":2,"timer":"send","event":"f","state":"",)"
                  R"("due":"2027-01-15T08:00:01.000Z","data":null,"send_id":"i"})"});
    }

    TEST_CASE("a taken transition names its source, event and targets") {
        const Chart chart(R"(
workflow: w
version: 1
initial: a
on: { home: a }
states: { a: {} }
)");

        CHECK(to_json_text(taken_json(*chart.definition, {.transition = 0, .event = "home"})) ==
              R"({"source":"","event":"home","targets":["a"]})");
    }
}
