#include "engine/interpreter/step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/assert.hpp"
#include "engine/interpreter/detail/data.hpp"
#include "engine/interpreter/detail/invoke.hpp"
#include "engine/interpreter/detail/reasons.hpp"
#include "engine/interpreter/detail/system_variables.hpp"
#include "engine/model/index.hpp"
#include "engine/schema/check.hpp"

namespace sillage {
namespace {

/// Completes the step that the machine has run, unless something aborted it.
Result<void> finish(Machine& machine, std::uint64_t sequence_before) {
    if (machine.aborted) {
        return std::move(*machine.aborted);
    }
    machine.snapshot.sequence = sequence_before + 1;
    machine.snapshot.at = machine.input.now;
    return success();
}

/// Leaves everything: the parent left the state that this instance belongs to.
Result<void> cancel(Machine& machine, std::uint64_t sequence_before) {
    machine.running = false;
    settle(machine);
    return finish(machine, sequence_before);
}

/// A machine that is about to process the input's event.
Machine machine_for(const Definition& definition, const Input& input, Step& out) {
    SILLAGE_ASSERT(definition.index.value != nullptr);
    out.trace.clear();
    out.effects.clear();
    out.awaits_child = false;
    const KnownEvent* known = definition.index->find_event(input.event.name);
    return {.definition = definition,
            .input = input,
            .snapshot = out.after,
            .trace = out.trace,
            .effects = out.effects,
            .event = {.name = known == nullptr ? input.event.name : known->name,
                      .borrowed_data = &input.event.data,
                      .from_account = input.event.origin == EventOrigin::account,
                      .known = known}};
}

/// The context of a new instance: defaults, and what the caller gives in their place.
Result<ContextValues> initial_context(const Definition& definition,
                                      const boost::json::value& given) {
    boost::json::object values;
    if (const auto* object = given.if_object()) {
        for (const auto& [name, value] : *object) {
            if (!value.is_null() || find_field(definition.context, name) == nullptr) {
                values[name] = value;
            }
        }
    } else if (!given.is_null()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "The context of a new instance must be an object."};
    }
    const auto problems = check_fields(values, definition.context);
    if (!problems.empty()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = problems.front().message,
                     .where = problems.front().pointer};
    }
    const boost::json::object stored = normalise_fields(values, definition.context);
    ContextValues context;
    context.reserve(definition.context.size());
    for (const Field& field : definition.context) {
        const auto* value = stored.if_contains(field.name);
        context.push_back(value == nullptr ? boost::json::value(nullptr) : *value);
    }
    return context;
}

/// Takes the timer or queued event that the input names out of the snapshot.
Result<void> take_cause(Machine& machine) {
    const Event& event = machine.input.event;
    Snapshot& snapshot = machine.snapshot;
    if (event.origin == EventOrigin::queue) {
        if (snapshot.queue.empty()) {
            return Error{.code = ErrorCode::not_found, .message = "No send waits for its step."};
        }
        snapshot.queue.erase(snapshot.queue.begin());
    }
    if (event.origin == EventOrigin::timer) {
        const auto timer = std::ranges::find(snapshot.timers, event.timer, &Timer::id);
        if (timer == snapshot.timers.end()) {
            return Error{.code = ErrorCode::not_found,
                         .message = "No timer " + std::to_string(event.timer) + " is pending."};
        }
        const Timer due = std::move(*timer);
        snapshot.timers.erase(timer);
        if (due.kind == TimerKind::deadline) {
            expire_deadline(machine, due.state);
        } else if (!due.to().empty()) {
            machine.is_sent_on = true;
            post(machine, Send{.event = due.event,
                               .data = due.data(),
                               .to = due.to(),
                               .send_id = due.send_id()});
        }
    }
    if (event.origin == EventOrigin::child) {
        if (find_running_child(snapshot, event.child) == nullptr) {
            return Error{.code = ErrorCode::not_found,
                         .message = "No child " + std::to_string(event.child) + " runs."};
        }
        receive_from_child(machine);
    }
    return success();
}

bool took_error_transition(const Trace& trace) {
    return std::ranges::any_of(trace, [](const TraceItem& item) {
        const auto* taken = std::get_if<TakenTransition>(&item);
        return taken != nullptr && taken->event == "error.execution";
    });
}

/// Without its reasons: those are worded for whoever asks.
Error bare_refusal() {
    return {.code = ErrorCode::event_refused, .message = "Nobody takes this event here."};
}

/// Runs one macrostep on `out.after`, which is still as before.
Result<void> run(Machine& machine, Step& out) {
    const Input& input = machine.input;
    const std::uint64_t sequence = machine.snapshot.sequence;
    // SCXML discards an event that enables nothing: the step is one without any transition.
    const bool refusable =
        machine.definition.dialect == Dialect::workflow &&
        (machine.event.from_account || input.event.origin == EventOrigin::engine);
    if (machine.definition.dialect == Dialect::scxml) {
        // Now, as the child that it comes from may be forgotten on the way.
        machine.event.detail = external_detail(moment_of(machine));
    }
    if (is_cancel(input.event)) {
        return cancel(machine, sequence);
    }
    SILLAGE_TRY(take_cause(machine));
    if (machine.is_sent_on) {
        settle(machine);
        return finish(machine, sequence);
    }
    const bool is_forwarded = forward_event(machine) > 0;
    const SelectedSet enabled = select_transitions(machine, Trigger::event);
    if (enabled.empty() && machine.internal_events.empty() && refusable && !is_forwarded) {
        return bare_refusal();
    }
    if (!enabled.empty()) {
        microstep(machine, enabled);
    }
    settle(machine);
    const bool is_refused =
        enabled.empty() && refusable && !machine.aborted && !took_error_transition(machine.trace);
    if (is_refused && !is_forwarded) {
        return bare_refusal();
    }
    out.awaits_child = is_refused;
    return finish(machine, sequence);
}

Error refusal(const Definition& definition, const Snapshot& before, const Input& input) {
    const Moment moment = moment_before(definition, before, input);
    std::vector<Reason> reasons =
        decisive_first(moment, consider(moment, {.reasons = true}).candidates);
    return {.code = ErrorCode::event_refused,
            .message = reasons.front().message,
            .reasons = std::move(reasons)};
}

}  // namespace

Result<Step> start(const Definition& definition, const Input& input) {
    Step first;
    const boost::json::value given = accepted_values(definition, input);
    SILLAGE_TRY(first.after.context, initial_context(definition, given));
    Machine machine = machine_for(definition, input, first);
    machine.event.from_account = false;
    bind_first(machine, given);
    enter_initial(machine);
    settle(machine);
    SILLAGE_TRY(finish(machine, 0));
    return first;
}

Result<void> step_into(const Definition& definition, const Snapshot& before, const Input& input,
                       Step& out) {
    SILLAGE_ASSERT(&before != &out.after);
    if (before.done) {
        return bare_refusal();
    }
    copy_onto(out.after, before);
    Machine machine = machine_for(definition, input, out);
    return run(machine, out);
}

Result<Step> step(const Definition& definition, const Snapshot& before, const Input& input) {
    Step next;
    const Result<void> stepped = step_into(definition, before, input, next);
    if (stepped) {
        return next;
    }
    return stepped.error().code == ErrorCode::event_refused ? refusal(definition, before, input)
                                                            : stepped.error();
}

boost::json::object communication_error(std::string_view to, std::string_view event) {
    return {{"message", fmt::format("There is no \"{}\" to send to.", to)}, {"event", event}};
}

std::optional<Input> queued_input(const Snapshot& before, const Input& cause) {
    if (before.queue.empty()) {
        return std::nullopt;
    }
    const QueuedEvent& front = before.queue.front();
    return Input{.event = {.name = front.event,
                           .data = front.data,
                           .origin = EventOrigin::queue,
                           .send_id = front.send_id},
                 .actor = system_actor(),
                 .now = cause.now,
                 .instance = cause.instance,
                 .parent = cause.parent,
                 .company = cause.company,
                 .cohort = cause.cohort,
                 .languages = cause.languages};
}

Input timer_input(const Timer& timer, Instant now) {
    return {.event = {.name = timer.event,
                      .data = timer.data(),
                      .origin = EventOrigin::timer,
                      .timer = timer.id,
                      .send_id = timer.send_id()},
            .actor = system_actor(),
            .now = std::max(timer.due, now)};
}

Step record_incident(const Snapshot& before, const Input& input, const Error& error) {
    Snapshot after = before;
    after.sequence = before.sequence + 1;
    after.at = input.now;
    after.incident =
        Incident{.code = error.where.empty() ? std::string(name_of(error.code)) : error.where,
                 .message = error.message,
                 .event = input.event.name.text(),
                 .sequence = after.sequence};
    for (Timer& timer : after.timers) {
        timer.failed = timer.failed ||
                       (input.event.origin == EventOrigin::timer && timer.id == input.event.timer);
    }
    if (input.event.origin == EventOrigin::queue && !after.queue.empty()) {
        after.queue.erase(after.queue.begin());
    }
    if (is_end_of_child(input.event)) {
        const auto child = std::ranges::find(after.children, input.event.child, &Child::serial);
        if (child != after.children.end()) {
            child->done = true;  // it has ended all the same; the incident tells of it
        }
    }
    return {.after = std::move(after)};
}

Result<Step> resolve_incident(const Snapshot& before, const Input& input,
                              std::uint64_t incident_sequence) {
    if (!before.incident || before.incident->sequence != incident_sequence) {
        return Error{.code = ErrorCode::not_found,
                     .message = "No incident " + std::to_string(incident_sequence) + " is open."};
    }
    Snapshot after = before;
    after.sequence = before.sequence + 1;
    after.at = input.now;
    after.incident.reset();
    for (Timer& timer : after.timers) {
        timer.failed = false;
    }
    return Step{.after = std::move(after)};
}

}  // namespace sillage
