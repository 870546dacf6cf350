#include "engine/model/entry.hpp"

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

/// Computes the EntrySet; the functions are SCXML's, appendix D.
class EntryComputation {
  public:
    EntryComputation(const Definition& definition, const Snapshot& snapshot)
        : definition_(definition), snapshot_(snapshot) {}

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

    [[nodiscard]] EntrySet take() { return std::move(set_); }

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
        set_.asked_history = true;
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

}  // namespace

EntrySet compute_entry_set(const Definition& definition, const Snapshot& snapshot,
                           std::span<const TransitionIndex> transitions) {
    EntryComputation computation(definition, snapshot);
    for (const TransitionIndex index : transitions) {
        const Transition& transition = definition.transitions[index];
        if (transition.targets.empty()) {
            continue;
        }
        const StateIndex domain = get_transition_domain(definition, snapshot, transition);
        computation.add_targets(transition.targets, domain);
        // SCXML's root is never parallel; ours may be, and then all its regions were left.
        if (definition.state(domain).type == StateType::parallel) {
            computation.add_regions(domain);
        }
    }
    return computation.take();
}

EntrySet compute_initial_entry_set(const Definition& definition, const Snapshot& snapshot) {
    EntryComputation computation(definition, snapshot);
    const State& root = definition.state(root_state);
    if (root.type == StateType::parallel) {
        computation.add_regions(root_state);
    } else {
        computation.add_targets(root.initial.targets, root_state);
    }
    return computation.take();
}

}  // namespace sillage
