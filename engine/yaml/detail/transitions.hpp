#pragma once

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// `on`: a mapping of event to transition, target or list of transitions.
void read_on(Reading& reading, StateIndex state, const Node& node);
/// `always`: eventless transitions.
void read_always(Reading& reading, StateIndex state, const Node& node);
/// `after`: a mapping of duration to transition.
void read_after(Reading& reading, StateIndex state, const Node& node);
/// `onDone` and `onError`.
void read_on_done(Reading& reading, StateIndex state, const Node& node);
void read_on_error(Reading& reading, StateIndex state, const Node& node);
/// `deadline`, and the transition it makes when it expires.
void read_deadline(Reading& reading, StateIndex state, const Node& node);

}  // namespace sillage
