#pragma once

#include <optional>
#include <vector>

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// The state that a target names, or nothing and the finding. The first that fits: `.x` child of
/// the source, `#id`, a sibling of the source, a dotted path from the root, a unique name.
[[nodiscard]] std::optional<StateIndex> resolve_target(Reading& reading, StateIndex source,
                                                       const Node& node);

/// A target or a list of targets that can be active together.
[[nodiscard]] std::vector<StateIndex> read_targets(Reading& reading, StateIndex source,
                                                   const Node& node);

/// The descendants where a state starts: a child's name first, else as any target.
[[nodiscard]] std::vector<StateIndex> read_initial_targets(Reading& reading, StateIndex state,
                                                           const Node& node);

}  // namespace sillage
