#include "engine/model/tree.hpp"

#include <algorithm>

namespace sillage {
namespace {

/// The least compound ancestor, or the root, that all of `states` descend from.
/// Source: SCXML 1.0, appendix D, findLCCA.
StateIndex find_lcca(const Definition& definition, StateIndex source, const StateSet& targets) {
    for (StateIndex at = definition.state(source).parent; at != root_state;
         at = definition.state(at).parent) {
        const bool holds_all = std::ranges::all_of(
            targets, [&](StateIndex target) { return definition.is_descendant(target, at); });
        if (holds_all && definition.state(at).type == StateType::compound) {
            return at;
        }
    }
    return root_state;
}

}  // namespace

bool is_atomic(const State& state) {
    return state.type == StateType::atomic || state.type == StateType::final;
}

std::span<const StateIndex> active_descendants(const Definition& definition,
                                               const Snapshot& snapshot, StateIndex ancestor) {
    const auto& active = snapshot.configuration;
    const auto begin = std::ranges::upper_bound(active, ancestor);
    const auto end = std::ranges::lower_bound(active, definition.state(ancestor).end);
    return {begin, std::max(begin, end)};
}

StateSet atomic_states_below(const Definition& definition, const Snapshot& snapshot,
                             StateIndex ancestor) {
    StateSet atomic;
    for (const StateIndex state : snapshot.configuration) {
        if (definition.is_descendant(state, ancestor) && is_atomic(definition.state(state))) {
            atomic.push_back(state);
        }
    }
    return atomic;
}

StateSet get_effective_target_states(const Definition& definition, const Snapshot& snapshot,
                                     std::span<const StateIndex> targets) {
    StateSet effective;
    for (const StateIndex target : targets) {
        if (definition.state(target).type != StateType::history) {
            insert_state(effective, target);
            continue;
        }
        const auto stored = snapshot.history.find(target);
        if (stored != snapshot.history.end()) {
            for (const StateIndex state : stored->second) {
                insert_state(effective, state);
            }
            continue;
        }
        for (const StateIndex state : get_effective_target_states(
                 definition, snapshot, definition.state(target).initial.targets)) {
            insert_state(effective, state);
        }
    }
    return effective;
}

StateIndex get_transition_domain(const Definition& definition, const Snapshot& snapshot,
                                 const Transition& transition) {
    if (transition.internal) {
        return transition.source;
    }
    return find_lcca(definition, transition.source,
                     get_effective_target_states(definition, snapshot, transition.targets));
}

StateSet compute_exit_set(const Definition& definition, const Snapshot& snapshot,
                          std::span<const TransitionIndex> transitions) {
    StateSet states;
    for (const TransitionIndex index : transitions) {
        const Transition& transition = definition.transitions[index];
        if (transition.targets.empty()) {
            continue;
        }
        const StateIndex domain = get_transition_domain(definition, snapshot, transition);
        for (const StateIndex state : active_descendants(definition, snapshot, domain)) {
            insert_state(states, state);
        }
    }
    return states;
}

bool is_in_final_state(const Definition& definition, const Snapshot& snapshot, StateIndex state) {
    const State& node = definition.state(state);
    const auto is_active_final = [&](StateIndex child) {
        return definition.state(child).type == StateType::final && is_active(snapshot, child);
    };
    const auto is_complete = [&](StateIndex child) {
        return definition.state(child).type == StateType::history ||
               is_in_final_state(definition, snapshot, child);
    };
    switch (node.type) {
        case StateType::compound:
            return std::ranges::any_of(node.children, is_active_final);
        case StateType::parallel:
            return std::ranges::all_of(node.children, is_complete);
        case StateType::final:
            return is_active(snapshot, state);
        case StateType::atomic:
        case StateType::history:
            return false;
    }
    return false;
}

}  // namespace sillage
