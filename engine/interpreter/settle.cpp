#include <fmt/format.h>

#include <algorithm>

#include "engine/interpreter/detail/invoke.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

/// Whether the definition spells the name out: then `last()` always remembers it.
bool is_spelt_out(const Definition& definition, std::string_view event) {
    return std::ranges::any_of(definition.transitions, [&](const Transition& transition) {
        return std::ranges::find(transition.events, event) != transition.events.end();
    });
}

/// What is remembered of the event; null: it was never taken. Most names are the definition's own,
/// which are found without comparing a text.
LastTaken* find_taken(FlatMap<Name, LastTaken>& last, const Name& event) {
    for (auto& [name, taken] : last) {
        if (name.is_copy_of(event)) {
            return &taken;
        }
    }
    const auto found = last.find(event);
    return found == last.end() ? nullptr : &found->second;
}

void remember_taken(Machine& machine) {
    auto& last = machine.snapshot.last;
    const Name& event = machine.event.name;
    LastTaken* taken = find_taken(last, event);
    if (taken == nullptr) {
        if (last.size() >= last_names_max && !is_spelt_out(machine.definition, event)) {
            return;
        }
        taken = &last[event];
    }
    taken->at = machine.input.now;
    taken->by = machine.input.actor.id;
    const Rare<Behalf>& behalf = machine.input.actor.on_behalf_of;
    taken->on_behalf_of = behalf ? behalf->id : Name();
    ++taken->count;
}

/// Takes the eventless transitions that are enabled; false: none is.
bool take_eventless(Machine& machine) {
    if (!machine.definition.index->has_eventless) {
        return false;
    }
    const auto enabled = select_transitions(machine, Trigger::eventless);
    if (!enabled.empty() && !machine.aborted) {
        microstep(machine, enabled);
    }
    return !enabled.empty();
}

/// Takes the next internal event; false: there is none, the macrostep is complete.
bool next_internal_event(Machine& machine) {
    if (machine.internal_events.empty()) {
        return false;
    }
    if (++machine.internal_event_count > internal_events_max) {
        abort_step(machine, "event_limit", "One step raised more than 10,000 events.");
    }
    machine.event = machine.internal_events.take_front();
    machine.event.known = machine.definition.index->find_event(machine.event.name);
    return true;
}

void judge_contracts(Machine& machine) {
    for (const StateIndex state : machine.snapshot.configuration) {
        for (const Expression& contract : machine.definition.state(state).always_true) {
            const auto answer = holds(moment_of(machine), contract);
            if (answer && answer.value()) {
                continue;
            }
            const std::string why = answer ? "it does not" : answer.error().message;
            machine.aborted =
                Error{.code = ErrorCode::contract_broken,
                      .message = fmt::format("In \"{}\" \"{}\" must always hold: {}{}",
                                             machine.definition.state(state).id, contract.text, why,
                                             why.ends_with('.') ? "" : "."),
                      .where = "contract_broken"};
            return;
        }
    }
}

}  // namespace

void microstep(Machine& machine, const SelectedSet& enabled) {
    if (++machine.microsteps > microsteps_max) {
        abort_step(machine, "microstep_limit", "One step took more than 1,000 microsteps.");
        return;
    }
    machine.failed_eventless.clear();
    const auto& first = machine.definition.transitions[enabled.front().transition];
    if (first.trigger == Trigger::event) {
        remember_taken(machine);
    }
    // Entry and exit actions see the data as the first form that asked for it stores it.
    const auto with_form = std::ranges::find_if(
        enabled, [](const Selected& selected) { return selected.form != nullptr; });
    if (with_form != enabled.end() && with_form->data) {
        machine.event.own_data = *with_form->data;
        machine.event.borrowed_data = nullptr;
    }
    exit_states(machine, enabled);
    for (const Selected& selected : enabled) {
        run_transition(machine, selected);
    }
    enter_states(machine, enabled);
}

void settle(Machine& machine) {
    while (machine.running && !machine.aborted) {
        if (take_eventless(machine)) {
            continue;
        }
        if (machine.internal_events.empty() && !machine.to_invoke.empty()) {
            start_invokes(machine);  // what fails there goes on with the macrostep
        }
        if (!next_internal_event(machine)) {
            break;
        }
        const auto enabled = select_transitions(machine, Trigger::event);
        if (!enabled.empty() && !machine.aborted) {
            microstep(machine, enabled);
        }
    }
    if (machine.aborted) {
        return;
    }
    if (!machine.running) {
        exit_interpreter(machine);
    } else if (machine.definition.index->has_contracts) {
        judge_contracts(machine);
    }
}

}  // namespace sillage
