#include <ranges>

#include "engine/interpreter/detail/invoke.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

/// Before any exit action runs: those could not change what is remembered, but `In()` could.
void record(Machine& machine, StateIndex history, StateIndex state) {
    const Definition& definition = machine.definition;
    const bool deep = definition.state(history).history == HistoryType::deep;
    std::vector<StateIndex>& stored = machine.snapshot.history[history];
    stored.clear();
    for (const StateIndex active : machine.snapshot.configuration) {
        const bool is_meant =
            deep ? definition.is_descendant(active, state) && is_atomic(definition.state(active))
                 : definition.state(active).parent == state;
        if (is_meant) {
            stored.push_back(active);
        }
    }
}

void record_history(Machine& machine, const StateSet& exits) {
    for (const StateIndex state : exits) {
        for (const StateIndex history : machine.definition.index->histories[state]) {
            record(machine, history, state);
        }
    }
}

void exit_state(Machine& machine, StateIndex state) {
    machine.trace.emplace_back(ExitedState{.state = state});
    for (const Block& block : machine.definition.state(state).exit) {
        run_block(machine, block);
    }
    stop_timers(machine, state);
    cancel_invokes(machine, state);
    erase_state(machine.snapshot.configuration, state);
}

StateSet exits_of(const Machine& machine, const SelectedSet& enabled) {
    const Definition& definition = machine.definition;
    const Snapshot& snapshot = machine.snapshot;
    const Route* route = fixed_route(definition, enabled);
    if (route == nullptr) {
        return compute_exit_set(definition, snapshot, transitions_of(enabled));
    }
    if (!route->domain) {
        return {};
    }
    const auto exits = active_descendants(definition, snapshot, *route->domain);
    return {exits.begin(), exits.end()};
}

void compute_output(Machine& machine, StateIndex state) {
    const State& node = machine.definition.state(state);
    if (!node.output) {
        return;
    }
    auto output = fill(moment_of(machine), *node.output);
    if (output) {
        machine.snapshot.output = std::move(output).value();
    } else {
        fail(machine, output.error(), node.place);
    }
}

}  // namespace

void exit_states(Machine& machine, const SelectedSet& enabled) {
    const StateSet exits = exits_of(machine, enabled);
    record_history(machine, exits);
    for (const StateIndex state : std::views::reverse(exits)) {
        exit_state(machine, state);
    }
}

void exit_interpreter(Machine& machine) {
    Snapshot& snapshot = machine.snapshot;
    const StateSet exits(snapshot.configuration.begin(), snapshot.configuration.end());
    for (const StateIndex state : std::views::reverse(exits)) {
        exit_state(machine, state);
        if (machine.final_state == state) {
            compute_output(machine, state);
        }
    }
    for (const Block& block : machine.definition.state(root_state).exit) {
        run_block(machine, block);
    }
    cancel_timers(machine, [](const Timer&) { return true; });
    machine.internal_events.clear();
    snapshot.queue.clear();
    snapshot.kept.clear();
    snapshot.overdue.clear();
    snapshot.done = true;
    snapshot.ended_in = machine.final_state;
}

}  // namespace sillage
