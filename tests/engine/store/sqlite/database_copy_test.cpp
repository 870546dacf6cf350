#include "engine/store/sqlite/database_copy.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/log_file.hpp"
#include "engine/store/sqlite/positions.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::error_of;
using test::ok;
using test::sample_write;

namespace {

/// More than two slices of a copy.
constexpr std::uint64_t instance_count = 600;

std::string id_of(std::uint64_t number) { return "ins_" + std::to_string(100'000 + number); }

/// A store that writes one entry more, with an answer of the same number, whenever it is told to.
struct Busy {
    std::unique_ptr<SqliteStore> store;
    std::vector<std::uint64_t> sequences = std::vector<std::uint64_t>(instance_count, 1);
    std::uint64_t written = 0;
    bool has_failed = false;

    explicit Busy(const std::filesystem::path& folder) {
        store = ok(SqliteStore::open({.folder = folder}));
        auto transaction = ok(store->begin());
        for (std::uint64_t number = 0; number < instance_count; ++number) {
            ok(transaction->append(sample_write(id_of(number), 1)));
        }
        ok(transaction->commit());
        transaction.reset();
        store.reset();  // so that the tables have them
        store = ok(SqliteStore::open({.folder = folder}));
    }

    /// The log's numbers go on as those of the answers do.
    Result<void> write() {
        const std::uint64_t number = 37 * ++written % instance_count;  // all over the slices
        SILLAGE_TRY(const auto transaction, store->begin());
        SILLAGE_TRY(transaction->append(sample_write(id_of(number), ++sequences[number])));
        SILLAGE_TRY(transaction->put(
            StoredAnswer{.scope = "s", .key = std::to_string(instance_count + written)}));
        return transaction->commit();
    }

    /// Waits, some 10 ms, until the tables have all of it.
    void settle(const std::filesystem::path& folder) const {
        LogFile file = ok(LogFile::open(folder));
        while (ok(file.projected()) < instance_count + written) {
            std::this_thread::yield();
        }
    }
};

/// Whom the statements of connections opened from now on tell that they begin; not those that run
/// for it.
std::function<void()> on_statement;
bool is_telling = false;

int tell(unsigned, void*, void*, void*) {
    if (!is_telling) {
        is_telling = true;
        on_statement();
        is_telling = false;
    }
    return 0;
}

int trace(sqlite3* connection, char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &tell, nullptr);
}

Result<void> copy_telling(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::function<void()> told) {
    const auto entry = reinterpret_cast<void (*)()>(&trace);
    on_statement = std::move(told);
    sqlite3_auto_extension(entry);
    const Result<void> copied = copy_database(from, to);
    sqlite3_cancel_auto_extension(entry);
    return copied;
}

}  // namespace

TEST_SUITE("store/sqlite/database_copy") {
    TEST_CASE("a copy made while every statement of it meets a new write is a prefix, whole") {
        const test::TemporaryFolder folder;
        Busy busy(folder.path() / "data");
        const std::filesystem::path copy = folder.path() / "copy" / "sillage.db";
        std::filesystem::create_directory(folder.path() / "copy");
        std::ofstream(copy).close();

        ok(copy_telling(folder.path() / "data" / "sillage.db", copy, [&] {
            busy.has_failed = busy.has_failed || !busy.write();
            if (busy.written % 4 == 0) {
                busy.settle(folder.path() / "data");
            }
        }));

        CHECK_FALSE(busy.has_failed);
        CHECK(busy.written > 20);
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "copy"}));
        test::restore(*store);
        const auto view = ok(store->read());
        const auto log = ok(view->log(0, 10'000));
        CHECK(log.size() > instance_count);
        CHECK(log.size() <= instance_count + busy.written);
        CHECK(log.back().position == log.size());
        // An answer for each entry that is there, and for no other.
        for (std::uint64_t key = instance_count + 1; key <= instance_count + busy.written; ++key) {
            CAPTURE(key);
            CHECK(ok(view->answer("s", std::to_string(key))).has_value() == (key <= log.size()));
        }
        for (std::uint64_t number = 0; number < instance_count; ++number) {
            const auto instance = ok(view->instance(id_of(number)));
            REQUIRE(instance.has_value());
            CHECK(std::ranges::count(log, id_of(number), &Entry::instance) ==
                  static_cast<std::ptrdiff_t>(instance->sequence));
            CHECK(ok(view->entries(instance->id, 0, 10'000)).size() == instance->sequence);
        }
    }

    TEST_CASE("a copy has every table, index and trigger of the original, and all rows") {
        const test::TemporaryFolder folder;
        {
            const Busy busy(folder.path() / "data");
            auto transaction = ok(busy.store->begin());
            for (std::uint64_t more = 1; more <= positions_per_block; ++more) {
                ok(transaction->append(sample_write(id_of(0), 1 + more)));
            }
            ok(transaction->commit());
        }
        // What means something in a URI is a name here.
        const std::filesystem::path from = folder.path() / "a?b#c%20.db";
        std::filesystem::rename(folder.path() / "data" / "sillage.db", from);
        const std::filesystem::path to = folder.path() / "copy.db";
        std::ofstream(to).close();

        ok(copy_database(from, to));

        SQLite::Database copy = open_reader(to);
        CHECK(copy.execAndGet("PRAGMA integrity_check").getString() == "ok");
        SQLite::Database both(to.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement(both, "ATTACH '" + from.string() + "' AS source").exec();
        CHECK(both.execAndGet("SELECT count(*) FROM (SELECT type, name, sql FROM"
                              " source.sqlite_schema EXCEPT SELECT type, name, sql FROM"
                              " main.sqlite_schema)")
                  .getInt() == 0);
        for (const std::string table : {"entry", "instance", "history", "setting"}) {
            CAPTURE(table);
            CHECK(both.execAndGet("SELECT count(*) FROM (SELECT * FROM source." + table +
                                  " EXCEPT SELECT * FROM main." + table + ")")
                      .getInt() == 0);
            CHECK(both.execAndGet("SELECT count(*) FROM main." + table).getInt() > 0);
        }
    }

    TEST_CASE("a copy that was not finished is refused") {
        const test::TemporaryFolder folder;
        { const Busy busy(folder.path() / "data"); }
        const std::filesystem::path copy = folder.path() / "copy" / "sillage.db";
        std::filesystem::create_directory(folder.path() / "copy");
        std::ofstream(copy).close();
        const std::filesystem::path half = folder.path() / "half";
        int count = 0;
        int opened_count = 0;

        // As it stands before each of its statements.
        ok(copy_telling(folder.path() / "data" / "sillage.db", copy, [&] {
            std::filesystem::remove_all(half);
            std::filesystem::create_directory(half);
            std::filesystem::copy_file(copy, half / "sillage.db");
            ++count;
            opened_count += LogFile::open(half).has_value() ? 1 : 0;
        }));

        CHECK(count > 20);
        CHECK(opened_count == 0);
        CHECK(LogFile::open(folder.path() / "copy").has_value());
    }
}
