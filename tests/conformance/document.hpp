#pragma once

#include <filesystem>

#include "engine/base/result.hpp"
#include "engine/model/reading.hpp"
#include "engine/runtime/runtime.hpp"

namespace sillage::test {

/// The files beside a document, for what it refers to by `src`.
[[nodiscard]] Neighbours neighbours_of(const std::filesystem::path& document);

/// Reads a `.scxml` document. Errors: definition_invalid: its first error; not_found.
[[nodiscard]] Result<DefinitionPointer> read_document(const std::filesystem::path& path);

}  // namespace sillage::test
