#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
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

/// Gives the text of a file that a document refers to by `src`. `path` is relative to the
/// document's folder and does not leave it. Empty: there are no files beside the document.
/// Errors: not_found; invalid_argument: the path leaves the folder.
using Neighbours = std::function<Result<std::string>(std::string_view path)>;

}  // namespace sillage
