#pragma once

#include <string_view>

#include "engine/model/reading.hpp"
#include "engine/yaml/node.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {

/// Reads a workflow file, YAML or the same tree as JSON, and compiles its expressions.
/// `file` is how findings name it. Source: language.md, sections 2 to 6.
[[nodiscard]] ReadOutcome read_definition(std::string_view text, std::string_view file);

/// Reads a workflow whose tree was made of another notation; places are in `source`. Targets are
/// ids from the top. Of mappings, `on always after entry exit` of a state may stand several times,
/// as may events in `on`: in document order, all of them count.
/// What it gives is of use only when `findings` has no errors; `hash` and `source` are left empty.
[[nodiscard]] Definition read_definition_tree(const Node& top, const SourceText& source,
                                              Findings& findings);

}  // namespace sillage
