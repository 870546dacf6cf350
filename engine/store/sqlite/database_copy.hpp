#pragma once

#include <filesystem>

#include "engine/base/result.hpp"

namespace sillage {

/// Copies a database, which a server may be writing, into an empty file; not synced. What a start
/// makes of the copy is what it would have made of the original, had the power failed at a moment
/// between begin and end of this call. Until it has ended the copy is nobody's database.
/// Errors: storage_full, storage_failed, corrupt.
[[nodiscard]] Result<void> copy_database(const std::filesystem::path& from,
                                         const std::filesystem::path& to);

}  // namespace sillage
