#include "engine/store/sqlite/connection.hpp"

#include <sqlite3.h>

#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

std::filesystem::path database_in(const test::TemporaryFolder& folder) {
    const std::filesystem::path path = folder.path() / "one.db";
    SQLite::Database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE pair (a INTEGER UNIQUE, b TEXT)");
    return path;
}

}  // namespace

TEST_SUITE("store/sqlite/connection") {
    TEST_CASE("result codes, extended ones too, become the refusals that callers know") {
        CHECK(error_of(SQLITE_FULL, "w").code == ErrorCode::storage_full);
        CHECK(error_of(SQLITE_CONSTRAINT_UNIQUE, "w").code == ErrorCode::conflict);
        CHECK(error_of(SQLITE_CORRUPT_INDEX, "w").code == ErrorCode::corrupt);
        CHECK(error_of(SQLITE_NOTADB, "w").code == ErrorCode::corrupt);
        CHECK(error_of(SQLITE_IOERR_FSYNC, "w").code == ErrorCode::storage_failed);
    }

    TEST_CASE("the writer syncs every commit and leaves checkpoints to us") {
        const test::TemporaryFolder folder;
        SQLite::Database writer = open_writer(database_in(folder));
        ok(configure_writer(writer));

        CHECK(writer.execAndGet("PRAGMA journal_mode").getString() == "wal");
        CHECK(writer.execAndGet("PRAGMA synchronous").getInt() == 2);
        CHECK(writer.execAndGet("PRAGMA wal_autocheckpoint").getInt() == 0);
        CHECK(writer.execAndGet("PRAGMA foreign_keys").getInt() == 1);
    }

    TEST_CASE("a reader cannot write") {
        const test::TemporaryFolder folder;
        SQLite::Database writer = open_writer(database_in(folder));
        ok(configure_writer(writer));
        SQLite::Database reader = open_reader(folder.path() / "one.db");

        CHECK_THROWS(reader.exec("INSERT INTO pair VALUES (1, 'x')"));
    }

    TEST_CASE("a use binds in order and leaves its statement ready for the next") {
        const test::TemporaryFolder folder;
        SQLite::Database writer = open_writer(database_in(folder));
        SQLite::Statement put(writer, "INSERT INTO pair VALUES (?1, ?2)");
        SQLite::Statement get(writer, "SELECT a, b FROM pair WHERE a = ?1");
        const std::optional<std::string> nothing;
        Use(put, std::int64_t{1}, std::string_view("x")).run();

        const Result<int> again =
            guarded([&]() -> Result<int> { return Use(put, std::int64_t{1}, nothing).run(); });
        CHECK(error_of(again).code == ErrorCode::conflict);
        Use(put, std::uint64_t{2}, nothing).run();

        Use first(get, 1);
        REQUIRE(first.step());
        CHECK(first.text(1) == "x");
        SQLite::Statement other(writer, "SELECT b FROM pair WHERE a = ?1");
        Use second(other, Instant{2});
        REQUIRE(second.step());
        CHECK(second.is_null(0));
    }
}
