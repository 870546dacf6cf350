#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// A key of `on` or `after` and what it tries, in order.
struct EventKey {
    /// A descriptor of `on`; of `after` the event of its timer.
    std::string event = {};
    std::vector<TransitionIndex> transitions = {};

    bool operator==(const EventKey&) const = default;
};

/// A state's transitions on events, as the mappings of a workflow file hold them.
struct EventKeys {
    std::vector<EventKey> on = {};
    /// One for each of State::after, in that order.
    std::vector<EventKey> after = {};
    /// Which of the two mappings stands first in the file.
    bool after_first = false;

    bool operator==(const EventKeys&) const = default;
};

/// Groups a state's transitions by their events so that every event tries the same ones in the same
/// order. A mapping holds each key once, so where another event's transition stands between two of
/// one event, the keys go from the narrowest to the widest and each lists all that it matches.
[[nodiscard]] EventKeys event_keys(const Definition& definition, StateIndex state);

}  // namespace sillage
