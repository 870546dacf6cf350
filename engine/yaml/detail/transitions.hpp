#pragma once

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// `on`: a mapping of event to transition, target or list of transitions.
void read_on(Reading& reading, StateIndex state, const Node& node);
/// `always`: eventless transitions.
void read_always(Reading& reading, StateIndex state, const Node& node);
/// `after`: a mapping of duration to transition.
void read_after(Reading& reading, StateIndex state, const Node& node);
/// What only the engine sends, and the key under which its transitions stand.
struct EngineEvents {
    std::string_view key = {};
    std::vector<std::string> events = {};
};
/// A transition, or a list of them, that the engine's own events take.
void read_engine_transitions(Reading& reading, StateIndex state, const Node& node,
                             EngineEvents events);
/// `onDone` and `onError` of a state.
void read_on_done(Reading& reading, StateIndex state, const Node& node);
void read_on_error(Reading& reading, StateIndex state, const Node& node);
/// `deadline`, and the transition it makes when it expires.
void read_deadline(Reading& reading, StateIndex state, const Node& node);

}  // namespace sillage
