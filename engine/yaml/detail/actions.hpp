#pragma once

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// A list of actions of a state: `entry`, `exit`, `actions`, `then`, `else`, `do`.
[[nodiscard]] Block read_block(Reading& reading, StateIndex state, const Node& node,
                               std::string_view what);

}  // namespace sillage
