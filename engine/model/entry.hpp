#pragma once

#include <span>

#include "engine/base/flat_map.hpp"
#include "engine/model/tree.hpp"

namespace sillage {

/// What a microstep enters.
struct EntrySet {
    StateSet states = {};
    /// Compound states entered by their `initial`.
    StateSet default_entry = {};
    /// By the parent of a history state that had nothing stored: its default's actions.
    FlatMap<StateIndex, const Block*> history_content = {};
    /// Entered because a history state remembers them, or contains one that does.
    StateSet resumed = {};
    /// A history state was asked, so that another snapshot may give another set.
    bool asked_history = false;
};

/// What the transitions enter together; none has to have a target.
/// Source: SCXML 1.0, appendix D, computeEntrySet.
[[nodiscard]] EntrySet compute_entry_set(const Definition& definition, const Snapshot& snapshot,
                                         std::span<const TransitionIndex> transitions);

/// What the start of an instance enters.
[[nodiscard]] EntrySet compute_initial_entry_set(const Definition& definition,
                                                 const Snapshot& snapshot);

}  // namespace sillage
