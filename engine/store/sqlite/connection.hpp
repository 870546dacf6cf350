#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

// What stands between SQLiteCpp and the rest of the room: its exceptions become Errors here, and a
// statement is reset however its use ends.

namespace sillage {

/// The refusal that a SQLite result code stands for. FULL: storage_full; CONSTRAINT: conflict;
/// CORRUPT and NOTADB: corrupt; any other: storage_failed.
[[nodiscard]] Error error_of(int result_code, std::string_view words);
[[nodiscard]] Error error_of(const SQLite::Exception& exception);

/// Runs `work`, a Result<T>, and turns what SQLiteCpp throws into an Error.
template <class Work>
[[nodiscard]] auto guarded(const Work& work) -> std::invoke_result_t<const Work&> {
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return error_of(exception);
    }
}

/// One use of a prepared statement: bind in order, step, read columns. Bound texts must live as
/// long as the use. Throws SQLite::Exception.
class Use {
  public:
    template <class... Values>
    explicit Use(SQLite::Statement& statement, const Values&... values) : statement_(statement) {
        int index = 0;
        (bind(++index, values), ...);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { statement_.tryReset(); }

    /// Binds what only some forms of a statement have, by its number.
    template <class Value>
    void set(int index, const Value& value) {
        bind(index, value);
    }
    [[nodiscard]] bool step() { return statement_.executeStep(); }
    /// Runs a statement that gives no rows; how many rows it changed.
    int run() { return statement_.exec(); }

    [[nodiscard]] bool is_null(int column) const { return statement_.isColumnNull(column); }
    [[nodiscard]] std::int64_t integer(int column) const {
        return statement_.getColumn(column).getInt64();
    }
    [[nodiscard]] std::uint64_t count(int column) const {
        return static_cast<std::uint64_t>(integer(column));
    }
    [[nodiscard]] std::string text(int column) const {
        return statement_.getColumn(column).getString();
    }

  private:
    void bind(int index, std::int64_t value) { statement_.bind(index, value); }
    void bind(int index, std::uint64_t value) {
        statement_.bind(index, static_cast<std::int64_t>(value));
    }
    void bind(int index, int value) { statement_.bind(index, value); }
    void bind(int index, Instant value) { statement_.bind(index, value.milliseconds); }
    void bind(int index, bool value) { statement_.bind(index, value ? 1 : 0); }
    void bind(int index, const std::string& value) { statement_.bindNoCopy(index, value); }
    void bind(int index, std::string_view value) { statement_.bind(index, std::string(value)); }
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value) {
            bind(index, *value);
        } else {
            statement_.bind(index);
        }
    }

    SQLite::Statement& statement_;
};

/// The connection that writes and checkpoints, as yet without a write. Throws SQLite::Exception.
[[nodiscard]] SQLite::Database open_writer(const std::filesystem::path& database);

/// WAL, synchronous=FULL, foreign keys on, SQLite's own checkpoints off.
/// Errors: storage_failed, storage_full.
[[nodiscard]] Result<void> configure_writer(SQLite::Database& connection);

/// A connection that can only read and never checkpoints. Throws SQLite::Exception.
[[nodiscard]] SQLite::Database open_reader(const std::filesystem::path& database);

}  // namespace sillage
