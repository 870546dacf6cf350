#include "engine/interpreter/detail/data.hpp"

#include <utility>

#include "engine/interpreter/detail/values.hpp"

namespace sillage {
namespace {

void bind(Machine& machine, const DataElement& data) {
    boost::json::value& field = machine.snapshot.context[data.field];
    if (!data.value) {
        field = nullptr;
        return;
    }
    auto value = fill(moment_of(machine), *data.value);
    if (value) {
        field = std::move(value).value();
    } else {
        fail(machine, value.error(), data.place);
    }
}

}  // namespace

boost::json::value accepted_values(const Definition& definition, const Input& input) {
    const auto* given = input.event.data.if_object();
    if (definition.dialect == Dialect::workflow || !input.parent || given == nullptr) {
        return input.event.data;
    }
    boost::json::object accepted;
    for (const DataElement& data : definition.state(root_state).data) {
        const std::string& name = definition.context[data.field].name;
        if (const auto* value = given->if_contains(name)) {
            accepted[name] = *value;
        }
    }
    return accepted;
}

void bind_first(Machine& machine, const boost::json::value& given) {
    const Definition& definition = machine.definition;
    const auto* values = given.if_object();
    const std::size_t count = definition.late_binding ? 1 : definition.states.size();
    for (std::size_t state = 0; state < count; ++state) {
        for (const DataElement& data : definition.states[state].data) {
            const std::string& name = definition.context[data.field].name;
            if (values == nullptr || !values->contains(name)) {
                bind(machine, data);
            }
        }
    }
}

void bind_late(Machine& machine, StateIndex state) {
    const auto& entered = machine.snapshot.entered;
    if (!machine.definition.late_binding || entered.find(state) != entered.end()) {
        return;
    }
    for (const DataElement& data : machine.definition.state(state).data) {
        bind(machine, data);
    }
}

}  // namespace sillage
