#include <algorithm>

#include "engine/interpreter/detail/data.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/entry.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

/// The values of `param`s; one that fails is passed over, and its error raised (SCXML 5.7.2).
boost::json::value done_params(Machine& machine, const ValueTemplate::Members& params,
                               Place place) {
    boost::json::object data;
    for (const auto& [name, param] : params) {
        auto value = fill(moment_of(machine), param);
        if (value) {
            data[name] = std::move(value).value();
        } else {
            fail(machine, value.error(), place);
        }
    }
    return data.empty() ? boost::json::value(nullptr) : boost::json::value(std::move(data));
}

boost::json::value done_data(Machine& machine, const State& final_state) {
    if (!final_state.output) {
        return nullptr;
    }
    const auto* params = std::get_if<ValueTemplate::Members>(&final_state.output->node);
    if (params != nullptr && machine.definition.dialect == Dialect::scxml) {
        return done_params(machine, *params, final_state.place);
    }
    auto output = fill(moment_of(machine), *final_state.output);
    if (output) {
        return std::move(output).value();
    }
    fail(machine, output.error(), final_state.place);
    return nullptr;
}

/// Raises the done events that a final state's entry brings about: its parent's, then those of the
/// parallel states around that are complete. Top-level, it ends the instance.
void enter_final(Machine& machine, StateIndex state) {
    const Definition& definition = machine.definition;
    StateIndex at = definition.state(state).parent;
    const auto end = [&] {
        machine.running = false;
        machine.final_state = state;
    };
    if (definition.state(at).type == StateType::compound) {
        if (at == root_state) {
            end();
            return;
        }
        raise(machine, definition.index->names[at].done,
              done_data(machine, definition.state(state)), {.type = EventType::platform});
        at = definition.state(at).parent;
    }
    while (definition.state(at).type == StateType::parallel &&
           is_in_final_state(definition, machine.snapshot, at)) {
        if (at == root_state) {
            end();
            return;
        }
        raise(machine, definition.index->names[at].done, nullptr, {.type = EventType::platform});
        at = definition.state(at).parent;
    }
}

/// How one state is entered.
struct Entrance {
    StateIndex state = 0;
    bool by_default = false;
    bool resumes = false;
    /// Of a history state below it that had nothing stored; null: none was asked.
    const Block* history_content = nullptr;
};

void enter_state(Machine& machine, const Entrance& entrance) {
    const StateIndex state = entrance.state;
    const State& node = machine.definition.state(state);
    insert_state(machine.snapshot.configuration, state);
    bind_late(machine, state);
    machine.snapshot.entered[state] = machine.input.now;
    machine.trace.emplace_back(EnteredState{.state = state});
    if (!node.invokes.empty()) {
        insert_state(machine.to_invoke, state);
    }
    for (const Block& block : node.entry) {
        run_block(machine, block);
    }
    start_timers(machine, state, entrance.resumes);
    if (entrance.by_default) {
        run_block(machine, node.initial.actions);
    }
    if (entrance.history_content != nullptr) {
        run_block(machine, *entrance.history_content);
    }
    if (node.type == StateType::final) {
        enter_final(machine, state);
    }
}

void enter_all(Machine& machine, const EntrySet& set) {
    for (const StateIndex state : set.states) {
        const auto content = set.history_content.find(state);
        const bool has_content = content != set.history_content.end();
        enter_state(machine, {.state = state,
                              .by_default = contains_state(set.default_entry, state),
                              .resumes = contains_state(set.resumed, state),
                              .history_content = has_content ? content->second : nullptr});
    }
}

}  // namespace

void enter_states(Machine& machine, const SelectedSet& enabled) {
    const Definition& definition = machine.definition;
    if (const Route* route = fixed_route(definition, enabled)) {
        for (const Route::Entry& entry : route->entries) {
            enter_state(machine, {.state = entry.state, .by_default = entry.by_default});
        }
        return;
    }
    enter_all(machine, compute_entry_set(definition, machine.snapshot, transitions_of(enabled)));
}

void enter_initial(Machine& machine) {
    const State& root = machine.definition.state(root_state);
    for (const Block& block : root.entry) {
        run_block(machine, block);
    }
    start_timers(machine, root_state, false);
    run_block(machine, root.initial.actions);
    enter_all(machine, compute_initial_entry_set(machine.definition, machine.snapshot));
}

}  // namespace sillage
