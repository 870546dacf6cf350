#pragma once

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// Reads the names, types and places of all states, so that targets and expressions can name them.
void read_state_tree(Reading& reading, const Node& top);

/// Reads all else of each state, in document order.
void read_states(Reading& reading);

}  // namespace sillage
