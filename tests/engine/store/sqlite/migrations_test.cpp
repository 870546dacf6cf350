#include "engine/store/sqlite/migrations.hpp"

#include <filesystem>
#include <fstream>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::commit_write;
using test::error_of;
using test::ok;
using test::sample_write;

namespace {

std::unique_ptr<SqliteStore> open(const test::TemporaryFolder& folder) {
    return ok(SqliteStore::open({.folder = folder.path() / "data"}));
}

SQLite::Database raw(const test::TemporaryFolder& folder) {
    return SQLite::Database((folder.path() / "data" / "sillage.db").string(),
                            SQLite::OPEN_READWRITE);
}

}  // namespace

TEST_SUITE("store/sqlite/migrations") {
    TEST_CASE("a newer schema is refused in one line, and left alone") {
        const test::TemporaryFolder folder;
        open(folder).reset();
        raw(folder).exec("PRAGMA user_version = 1000");

        const Error error = error_of(SqliteStore::open({.folder = folder.path() / "data"}));

        CHECK(error.code == ErrorCode::newer_schema);
        CHECK(error.message.find("schema 1000") != std::string::npos);
        CHECK(error.message.find('\n') == std::string::npos);
        CHECK(raw(folder).execAndGet("PRAGMA user_version").getInt() == 1000);
    }

    TEST_CASE("another program's database and what is no database are refused") {
        const test::TemporaryFolder foreign;
        std::filesystem::create_directory(foreign.path() / "data");
        {
            SQLite::Database database((foreign.path() / "data" / "sillage.db").string(),
                                      SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            database.exec("CREATE TABLE other (id INTEGER)");
        }
        CHECK(error_of(SqliteStore::open({.folder = foreign.path() / "data"})).code ==
              ErrorCode::corrupt);

        const test::TemporaryFolder text;
        std::filesystem::create_directory(text.path() / "data");
        std::ofstream(text.path() / "data" / "sillage.db") << std::string(5'000, 'x');
        CHECK(error_of(SqliteStore::open({.folder = text.path() / "data"})).code ==
              ErrorCode::corrupt);
    }

    TEST_CASE("what the tables are promised to be, they are") {
        const test::TemporaryFolder folder;
        open(folder).reset();
        SQLite::Database database = raw(folder);

        CHECK(database
                  .execAndGet("SELECT count(*) FROM pragma_table_list"
                              " WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
                              " AND strict = 0")
                  .getInt() == 0);
        CHECK(database.execAndGet("PRAGMA journal_mode").getString() == "wal");
        CHECK(database.execAndGet("PRAGMA user_version").getInt64() == schema_version());
        CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
    }

    TEST_CASE("the log takes no change and no deletion, whoever tries") {
        const test::TemporaryFolder folder;
        auto store = open(folder);
        commit_write(*store, sample_write("ins_1", 1));
        store.reset();
        SQLite::Database database = raw(folder);

        CHECK_THROWS_WITH(database.exec("DELETE FROM entry"), "the log is append-only");
        CHECK_THROWS_WITH(database.exec("UPDATE entry SET hash = ''"), "the log is append-only");
    }
}
