#pragma once

#include <string>
#include <vector>

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// Finds the ids of all children, which transitions and actions name before and after them.
void read_invoke_names(Reading& reading);

/// `invoke` of a state: a mapping, or a list of such.
void read_invokes(Reading& reading, StateIndex state, const Node& node);

/// The names of a state's children, in file order.
[[nodiscard]] std::vector<const InvokeName*> invokes_of(const Reading& reading, StateIndex state);

/// Warns when a literal `to` of `send` is neither `parent` nor a child of this file.
void check_recipient(Reading& reading, const Node& node, const ValueTemplate& to);

}  // namespace sillage
