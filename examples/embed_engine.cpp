// The engine as a library: read a workflow, start an instance, send it events, ask why not.
// No server, no storage, no clock: time is an argument.
#include <iostream>

#include "engine/interpreter/explain.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/yaml/read.hpp"

namespace {

constexpr const char* workflow = R"(
workflow: tea
version: 1
roles: { guest: {}, host: {} }
context: { sugar: { type: integer, minimum: 0, maximum: 5, default: 0 } }
initial: steeping
states:
  steeping:
    waiting_for: guest
    on:
      sweeten:
        by: guest
        form: { lumps: { type: integer, minimum: 1, maximum: 5, required: true } }
        actions: [ { assign: { sugar: "${event.data.lumps}" } } ]
      serve: { by: host, guard: sugar > 0, otherwise: Nobody has sweetened it yet., target: served }
  served: { type: final }
)";

}  // namespace

int main() {
    const auto outcome = sillage::read_definition(workflow, "tea.yaml");
    for (const auto& finding : outcome.findings) {
        std::cerr << to_string(finding) << '\n';
    }
    if (!outcome.definition) {
        return 1;
    }
    const auto& definition = *outcome.definition;

    sillage::Input input{.event = {.name = "$start"}, .actor = {.id = "ada", .roles = {"guest"}}};
    auto snapshot = sillage::start(definition, input).value().after;

    input.event = {.name = "serve"};
    input.actor = {.id = "ben", .roles = {"host"}};
    for (const auto& reason : explain(definition, snapshot, input).reasons) {
        std::cout << "not yet: " << reason.message << '\n';
    }

    input.event = {.name = "sweeten", .data = {{"lumps", 2}}};
    input.actor = {.id = "ada", .roles = {"guest"}};
    snapshot = step(definition, snapshot, input).value().after;

    input.event = {.name = "serve"};
    input.actor = {.id = "ben", .roles = {"host"}};
    snapshot = step(definition, snapshot, input).value().after;
    std::cout << "stage: " << describe(definition, snapshot, input).stage << '\n';
}
