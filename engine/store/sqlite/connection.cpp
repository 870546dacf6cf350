#include "engine/store/sqlite/connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace sillage {
namespace {

/// How long a reader waits while the writer recovers the WAL after a crash. Chosen: a WAL is at
/// most 64 MiB, which reads in well under a second.
constexpr int reader_wait_ms = 2'000;

}  // namespace

Error error_of(int result_code, std::string_view words) {
    // The lowest byte is the primary code, the rest tells more of an I/O error.
    switch (result_code & 0xFF) {
        case SQLITE_FULL:
            return Error{.code = ErrorCode::storage_full,
                         .message = "There is no space left to write."};
        case SQLITE_CONSTRAINT:
            return Error{
                .code = ErrorCode::conflict,
                .message = fmt::format("The write contradicts what is stored: {}.", words)};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Error{.code = ErrorCode::corrupt,
                         .message = fmt::format("The database is damaged: {}.", words)};
        default:
            return Error{
                .code = ErrorCode::storage_failed,
                .message = fmt::format("The database failed ({}): {}.", result_code, words)};
    }
}

Error error_of(const SQLite::Exception& exception) {
    return error_of(exception.getErrorCode(), exception.getErrorStr());
}

SQLite::Database open_writer(const std::filesystem::path& database) {
    // One thread at a time has it: SQLite's own locks would guard nothing.
    SQLite::Database connection(database.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
    sqlite3_extended_result_codes(connection.getHandle(), 1);
    return connection;
}

Result<void> configure_writer(SQLite::Database& connection) {
    return guarded([&]() -> Result<void> {
        if (connection.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal") {
            return Error{.code = ErrorCode::storage_failed,
                         .message = "The file system of the data folder cannot hold a WAL."};
        }
        connection.exec("PRAGMA synchronous = FULL");
        connection.exec("PRAGMA wal_autocheckpoint = 0");
        connection.exec("PRAGMA foreign_keys = ON");
        connection.exec("PRAGMA trusted_schema = OFF");
        // Kibibytes: holds the rows of 30,000 busy instances, most of which each second touches.
        connection.exec("PRAGMA cache_size = -64000");
        return success();
    });
}

SQLite::Database open_reader(const std::filesystem::path& database) {
    SQLite::Database connection(database.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX,
                                reader_wait_ms);
    sqlite3_extended_result_codes(connection.getHandle(), 1);
    connection.exec("PRAGMA query_only = ON");
    connection.exec("PRAGMA trusted_schema = OFF");
    sqlite3_db_config(connection.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return connection;
}

}  // namespace sillage
