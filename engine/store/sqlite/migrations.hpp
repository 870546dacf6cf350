#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>

#include "engine/base/result.hpp"

namespace sillage {

/// The schema that this program writes.
[[nodiscard]] std::int64_t schema_version();

/// Whether this program may write the database. To be asked before anything is written to it.
/// Errors: newer_schema; corrupt: the database is another program's.
[[nodiscard]] Result<void> check_schema_version(SQLite::Database& database);

/// Brings the database to schema_version(), each migration in a transaction of its own.
/// Errors: storage_full, storage_failed.
[[nodiscard]] Result<void> migrate(SQLite::Database& database);

}  // namespace sillage
