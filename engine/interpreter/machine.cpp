#include "engine/interpreter/detail/machine.hpp"

#include <utility>

namespace sillage {

Moment moment_of(const Machine& machine) {
    return {.definition = machine.definition,
            .snapshot = machine.snapshot,
            .input = machine.input,
            .event = machine.event.name,
            .event_data = machine.event.data,
            .loop_values = &machine.loop_values};
}

void raise(Machine& machine, Name event, boost::json::value data) {
    machine.trace.emplace_back(RaisedEvent{.event = event, .data = data});
    machine.internal_events.push_back({.name = std::move(event), .data = std::move(data)});
}

void fail(Machine& machine, FailedBlock failure) {
    boost::json::object data{{"message", failure.message}};
    machine.internal_events.push_back({.name = "error.execution", .data = std::move(data)});
    machine.trace.emplace_back(std::move(failure));
}

void fail(Machine& machine, const Error& error, Place place) {
    fail(machine, FailedBlock{.message = error.message, .place = place});
}

void cause(Machine& machine, Effect effect) {
    machine.trace.emplace_back(CausedEffect{.effect = machine.effects.size()});
    machine.effects.push_back(std::move(effect));
}

void abort_step(Machine& machine, std::string limit, std::string message) {
    if (!machine.aborted) {
        machine.aborted = Error{.code = ErrorCode::limit_exceeded,
                                .message = std::move(message),
                                .where = std::move(limit)};
    }
}

}  // namespace sillage
