#pragma once

#include "engine/yaml/detail/node.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {

/// Resolves the `<<` keys of a mapping that was just read, in their place, and finds its duplicate
/// keys. Source: language.md, section 2: nothing that is merged may hide or be hidden.
void resolve_keys(Node& map, Findings& findings);

}  // namespace sillage
