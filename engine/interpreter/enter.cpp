#include <algorithm>

#include "engine/interpreter/detail/data.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

/// What a microstep enters.
struct EntrySet {
    StateSet states = {};
    /// Compound states entered by their `initial`.
    StateSet default_entry = {};
    /// By the parent of a history state that had nothing stored: its default's actions.
    FlatMap<StateIndex, const Block*> history_content = {};
    /// Entered because a history state remembers them, or contains one that does.
    StateSet resumed = {};
};

/// Computes the EntrySet; the functions are SCXML's, appendix D.
class EntryComputation {
  public:
    explicit EntryComputation(const Machine& machine)
        : definition_(machine.definition), snapshot_(machine.snapshot) {}

    void add_targets(std::span<const StateIndex> targets, StateIndex ancestor) {
        for (const StateIndex target : targets) {
            // One that contains another target is entered as its ancestor, not by its default.
            const bool contains_another = std::ranges::any_of(targets, [&](StateIndex other) {
                return definition_.is_descendant(other, target);
            });
            if (!contains_another) {
                add_descendant_states_to_enter(target);
            }
        }
        const StateSet effective = get_effective_target_states(definition_, snapshot_, targets);
        for (const StateIndex target : effective) {
            add_ancestor_states_to_enter(target, ancestor);
        }
    }

    void add_regions(StateIndex parallel) {
        for (const StateIndex child : definition_.state(parallel).children) {
            const bool covered = std::ranges::any_of(set_.states, [&](StateIndex state) {
                return state == child || definition_.is_descendant(state, child);
            });
            if (!covered && definition_.state(child).type != StateType::history) {
                add_descendant_states_to_enter(child);
            }
        }
    }

    [[nodiscard]] const EntrySet& set() const { return set_; }

  private:
    void add_descendant_states_to_enter(StateIndex state) {
        const State& node = definition_.state(state);
        if (node.type == StateType::history) {
            add_history(state);
            return;
        }
        insert_state(set_.states, state);
        if (node.type == StateType::compound) {
            insert_state(set_.default_entry, state);
            add_targets(node.initial.targets, state);
        } else if (node.type == StateType::parallel) {
            add_regions(state);
        }
    }

    void add_history(StateIndex history) {
        const State& node = definition_.state(history);
        const auto stored = snapshot_.history.find(history);
        if (stored == snapshot_.history.end()) {
            set_.history_content[node.parent] = &node.initial.actions;
            add_targets(node.initial.targets, node.parent);
            return;
        }
        for (const StateIndex state : stored->second) {
            for (StateIndex at = state; at != root_state; at = definition_.state(at).parent) {
                insert_state(set_.resumed, at);
            }
        }
        add_targets(stored->second, node.parent);
    }

    void add_ancestor_states_to_enter(StateIndex state, StateIndex ancestor) {
        for (StateIndex at = definition_.state(state).parent; at != ancestor && at != root_state;
             at = definition_.state(at).parent) {
            insert_state(set_.states, at);
            if (definition_.state(at).type == StateType::parallel) {
                add_regions(at);
            }
        }
    }

    const Definition& definition_;
    const Snapshot& snapshot_;
    EntrySet set_;
};

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

void enter_state(Machine& machine, const EntrySet& set, StateIndex state) {
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
    start_timers(machine, state, contains_state(set.resumed, state));
    if (contains_state(set.default_entry, state)) {
        run_block(machine, node.initial.actions);
    }
    const auto content = set.history_content.find(state);
    if (content != set.history_content.end()) {
        run_block(machine, *content->second);
    }
    if (node.type == StateType::final) {
        enter_final(machine, state);
    }
}

}  // namespace

void enter_states(Machine& machine, const SelectedSet& enabled) {
    EntryComputation computation(machine);
    for (const Selected& selected : enabled) {
        const Transition& transition = machine.definition.transitions[selected.transition];
        if (transition.targets.empty()) {
            continue;
        }
        const StateIndex domain =
            get_transition_domain(machine.definition, machine.snapshot, transition);
        computation.add_targets(transition.targets, domain);
        // SCXML's root is never parallel; ours may be, and then all its regions were left.
        if (machine.definition.state(domain).type == StateType::parallel) {
            computation.add_regions(domain);
        }
    }
    for (const StateIndex state : computation.set().states) {
        enter_state(machine, computation.set(), state);
    }
}

void enter_initial(Machine& machine) {
    const State& root = machine.definition.state(root_state);
    for (const Block& block : root.entry) {
        run_block(machine, block);
    }
    start_timers(machine, root_state, false);
    run_block(machine, root.initial.actions);
    EntryComputation computation(machine);
    if (root.type == StateType::parallel) {
        computation.add_regions(root_state);
    } else {
        computation.add_targets(root.initial.targets, root_state);
    }
    for (const StateIndex state : computation.set().states) {
        enter_state(machine, computation.set(), state);
    }
}

}  // namespace sillage
