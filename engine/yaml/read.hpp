#pragma once

#include <string_view>

#include "engine/model/reading.hpp"

namespace sillage {

/// Reads a workflow file, YAML or the same tree as JSON, and compiles its expressions.
/// `file` is how findings name it. Source: language.md, sections 2 to 6.
[[nodiscard]] ReadOutcome read_definition(std::string_view text, std::string_view file);

}  // namespace sillage
