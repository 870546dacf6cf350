#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <span>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/snapshot.hpp"

namespace sillage {

/// Sorted, each once: a set of states in document order. A configuration is one too, kept in a
/// std::vector. Sixteen, on the stack: three levels of five regions.
using StateSet = boost::container::small_vector<StateIndex, 16>;

template <class Set>
void insert_state(Set& set, StateIndex state) {
    if (set.empty() || set.back() < state) {
        set.push_back(state);  // most come in order
        return;
    }
    const auto place = std::lower_bound(set.begin(), set.end(), state);
    if (place == set.end() || *place != state) {
        set.insert(place, state);
    }
}

template <class Set>
void erase_state(Set& set, StateIndex state) {
    const auto place = std::lower_bound(set.begin(), set.end(), state);
    if (place != set.end() && *place == state) {
        set.erase(place);
    }
}

template <class Set>
[[nodiscard]] bool contains_state(const Set& set, StateIndex state) {
    return std::binary_search(set.begin(), set.end(), state);
}

/// Atomic and final states: those that stand for themselves in a configuration.
[[nodiscard]] bool is_atomic(const State& state);

/// The active states below `ancestor`, document order: a part of the configuration, and gone when
/// that changes.
[[nodiscard]] std::span<const StateIndex> active_descendants(const Definition& definition,
                                                             const Snapshot& snapshot,
                                                             StateIndex ancestor);

/// The active atomic states below `ancestor`, document order.
[[nodiscard]] StateSet atomic_states_below(const Definition& definition, const Snapshot& snapshot,
                                           StateIndex ancestor);

/// The targets, what a history state stands for in its place.
/// Source: SCXML 1.0, appendix D, getEffectiveTargetStates.
[[nodiscard]] StateSet get_effective_target_states(const Definition& definition,
                                                   const Snapshot& snapshot,
                                                   std::span<const StateIndex> targets);

/// The state within which everything is left and entered again. Only for transitions with targets.
/// Source: SCXML 1.0, appendix D, getTransitionDomain; only compound states and the root count.
[[nodiscard]] StateIndex get_transition_domain(const Definition& definition,
                                               const Snapshot& snapshot,
                                               const Transition& transition);

/// The active states that the transitions leave, document order.
/// Source: SCXML 1.0, appendix D, computeExitSet.
[[nodiscard]] StateSet compute_exit_set(const Definition& definition, const Snapshot& snapshot,
                                        std::span<const TransitionIndex> transitions);

/// A compound state with an active final child, or a parallel one whose regions all are so.
/// Source: SCXML 1.0, appendix D, isInFinalState.
[[nodiscard]] bool is_in_final_state(const Definition& definition, const Snapshot& snapshot,
                                     StateIndex state);

}  // namespace sillage
