#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// What reading a workflow file gave.
struct ReadOutcome {
    /// Null when any finding is an error.
    std::shared_ptr<const Definition> definition = nullptr;
    /// All of the file's, in order of place.
    std::vector<Finding> findings = {};
};

/// Largest file, in bytes (language.md, section 2).
inline constexpr std::size_t definition_bytes_max = 256U * 1024U;

/// Reads a workflow file, YAML or the same tree as JSON, and compiles its expressions.
/// `file` is how findings name it. Source: language.md, sections 2 to 6.
[[nodiscard]] ReadOutcome read_definition(std::string_view text, std::string_view file);

}  // namespace sillage
