#include "engine/interpreter/detail/machine.hpp"

#include <utility>

namespace sillage {

boost::container::small_vector<TransitionIndex, 4> transitions_of(const SelectedSet& enabled) {
    boost::container::small_vector<TransitionIndex, 4> transitions;
    for (const Selected& selected : enabled) {
        transitions.push_back(selected.transition);
    }
    return transitions;
}

const Route* fixed_route(const Definition& definition, const SelectedSet& enabled) {
    if (enabled.size() != 1) {
        return nullptr;
    }
    const Route& route = definition.index->routes[enabled.front().transition];
    return route.is_fixed ? &route : nullptr;
}

Moment moment_of(const Machine& machine) {
    return {.definition = machine.definition,
            .snapshot = machine.snapshot,
            .input = machine.input,
            .event = machine.event.name,
            .known = machine.event.known,
            .event_data = machine.event.data(),
            .loop_values = &machine.loop_values,
            .origin = machine.event.detail ? &*machine.event.detail : nullptr};
}

namespace {

/// Only a `.scxml` document can ask for it.
void queue(Machine& machine, CurrentEvent event, EventDetail detail) {
    if (machine.definition.dialect == Dialect::scxml) {
        event.detail = std::move(detail);
    }
    machine.internal_events.push_back(std::move(event));
}

}  // namespace

void raise(Machine& machine, Name event, boost::json::value data, EventDetail detail) {
    machine.trace.emplace_back(RaisedEvent{.event = event, .data = data});
    queue(machine, {.name = std::move(event), .own_data = std::move(data)}, std::move(detail));
}

void fail(Machine& machine, FailedBlock failure, std::string send_id) {
    boost::json::object data{{"message", failure.message}};
    queue(machine, {.name = "error.execution", .own_data = std::move(data)},
          {.type = EventType::platform, .send_id = std::move(send_id)});
    machine.trace.emplace_back(std::move(failure));
}

void fail(Machine& machine, const Error& error, Place place) {
    fail(machine, FailedBlock{.message = error.message, .place = place});
}

void set_loop_value(Machine& machine, std::size_t slot, Value value) {
    if (machine.loop_values.empty()) {
        machine.loop_values.resize(machine.definition.slot_count);
    }
    machine.loop_values.at(slot) = std::move(value);
}

void abort_step(Machine& machine, std::string limit, std::string message) {
    if (!machine.aborted) {
        machine.aborted = Error{.code = ErrorCode::limit_exceeded,
                                .message = std::move(message),
                                .where = std::move(limit)};
    }
}

}  // namespace sillage
