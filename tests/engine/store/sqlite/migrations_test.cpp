#include "engine/store/sqlite/migrations.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "engine/store/sqlite/connection.hpp"
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

/// Statements that may still begin before this process is killed.
int statements_left = 0;

int count_statement(unsigned, void*, void*, void*) {
    if (statements_left-- == 0) {
        ::raise(SIGKILL);
    }
    return 0;
}

int count_statements(sqlite3* connection, char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &count_statement, nullptr);
}

/// Runs `work`, which gives whether it could, in a process that is killed once that many SQL
/// statements of it have run; whether it was.
template <class Work>
bool is_killed_after(int statement_count, const Work& work) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        statements_left = statement_count;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&count_statements));
        ::_exit(work() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
    return WIFSIGNALED(status);
}

/// More statements than any start has: the sweep must end by itself.
constexpr int statements_max = 200;

constexpr const char* first_schema =
    "CREATE TABLE port (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
    "INSERT INTO port (name) VALUES ('Brest'), ('Nantes');";
constexpr std::array two_schemas{first_schema,
                                 "ALTER TABLE port ADD COLUMN country TEXT NOT NULL DEFAULT '';"
                                 "UPDATE port SET country = 'FR';"
                                 "CREATE INDEX port_country ON port (country);"
                                 "DELETE FROM port WHERE name = 'Nantes';"};

Result<void> migrate_by(const std::filesystem::path& database,
                        std::span<const char* const> migrations) {
    SQLite::Database connection = open_writer(database);
    SILLAGE_TRY(configure_writer(connection));
    return migrate(connection, migrations);
}

/// A database of the first of the two schemas.
std::filesystem::path make_ports(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "ports.db";
    std::ofstream(path).close();
    ok(migrate_by(path, std::array{first_schema}));
    return path;
}

/// The version, and all that the ports' database holds.
std::string ports(const std::filesystem::path& path) {
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE);
    std::string text = database.execAndGet("PRAGMA integrity_check").getString() + " " +
                       database.execAndGet("PRAGMA user_version").getString();
    SQLite::Statement schema(database, "SELECT sql FROM sqlite_schema ORDER BY name");
    while (schema.executeStep()) {
        text += "; " + schema.getColumn(0).getString();
    }
    SQLite::Statement rows(database, "SELECT * FROM port ORDER BY id");
    while (rows.executeStep()) {
        for (int column = 0; column < rows.getColumnCount(); ++column) {
            text += " " + rows.getColumn(column).getString();
        }
    }
    return text;
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

    TEST_CASE("a first start that is killed after any of its statements is completed by the next") {
        int count = 0;
        for (bool is_killed = true; is_killed; ++count) {
            CAPTURE(count);
            REQUIRE(count < statements_max);
            const test::TemporaryFolder folder;
            is_killed = is_killed_after(count, [&] {
                return SqliteStore::open({.folder = folder.path() / "data"}).has_value();
            });

            const std::int64_t version = raw(folder).execAndGet("PRAGMA user_version").getInt64();
            // Each migration is a transaction of its own; 3 was the first that was released.
            CHECK((version == 0 || (version >= 3 && version <= schema_version())));
            const auto store = open(folder);
            commit_write(*store, sample_write("ins_1", 1));
            CHECK(raw(folder).execAndGet("PRAGMA user_version").getInt64() == schema_version());
            CHECK(raw(folder).execAndGet("PRAGMA integrity_check").getString() == "ok");
        }
        CHECK(count > 20);  // the tables alone are as many
    }

    TEST_CASE("a migration that is killed after any of its statements leaves the schema before") {
        const test::TemporaryFolder sound;
        const std::string before = ports(make_ports(sound.path()));
        ok(migrate_by(sound.path() / "ports.db", two_schemas));
        const std::string after = ports(sound.path() / "ports.db");
        REQUIRE(before != after);

        int count = 0;
        int left_before = 0;
        for (bool is_killed = true; is_killed; ++count) {
            CAPTURE(count);
            REQUIRE(count < statements_max);
            const test::TemporaryFolder folder;
            const std::filesystem::path path = make_ports(folder.path());
            is_killed =
                is_killed_after(count, [&] { return migrate_by(path, two_schemas).has_value(); });

            const std::string left = ports(path);
            CHECK((left == before || left == after));
            left_before += left == before ? 1 : 0;
            ok(migrate_by(path, two_schemas));
            CHECK(ports(path) == after);
        }
        CHECK(left_before > 4);
    }

    TEST_CASE("a migration that fails leaves the schema before it, and its mended form passes") {
        const test::TemporaryFolder folder;
        const std::filesystem::path path = make_ports(folder.path());
        const std::string before = ports(path);
        const std::string flawed =
            std::string(two_schemas[1]) + "INSERT INTO port (id) VALUES (1);";

        const Error error = error_of(migrate_by(path, std::array{first_schema, flawed.c_str()}));

        CHECK(error.code == ErrorCode::conflict);
        CHECK(ports(path) == before);
        ok(migrate_by(path, two_schemas));
        CHECK(ports(path) != before);
    }
}
