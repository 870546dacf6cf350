#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <span>

#include "engine/base/result.hpp"

namespace sillage {

/// The schema that this program writes.
[[nodiscard]] std::int64_t schema_version();

/// Whether this program may write the database. To be asked before anything is written to it.
/// Errors: newer_schema; corrupt: the database is another program's.
[[nodiscard]] Result<void> check_schema_version(SQLite::Database& database);

/// Brings the database to schema_version(), each migration in a transaction of its own, so that
/// whatever ends it leaves one of the schemas on the way, whole.
/// Errors: conflict: what is stored contradicts it; storage_full, storage_failed.
[[nodiscard]] Result<void> migrate(SQLite::Database& database);

/// The same by other steps than the program's, each SQL, the oldest first.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, std::span<const char* const> steps);

}  // namespace sillage
