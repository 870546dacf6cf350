#include "engine/store/sqlite/log_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <fstream>

#include "engine/runtime/registry_audit.hpp"
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

/// Two revisions of an account and one of a company, then whatever `attack` does to the file.
/// Whether that is found.
bool is_found(const std::string& attack) {
    const test::TemporaryFolder folder;
    {
        const auto store = ok(SqliteStore::open({.folder = folder.path()}));
        Record account = test::sample_record(RecordKind::account, "acc_1");
        test::commit_record(*store, account);
        account.revision = 2;
        test::commit_record(*store, account);
        test::commit_record(*store, test::sample_record(RecordKind::company, "com_1"));
    }
    SQLite::Database((folder.path() / "sillage.db").string(), SQLite::OPEN_READWRITE)
        .exec("DROP TRIGGER record_stays; DROP TRIGGER record_is_final; " + attack);
    LogFile file = ok(LogFile::open(folder.path()));
    const auto end = ok(file.registry_end());
    RegistryAudit audit(
        {.uncounted = ok(file.uncounted_records()), .change = end.position, .chain = end.chain});
    for (const RegistryLine& line : ok(file.changes({}, 10))) {
        audit.take(line);
    }
    audit.finish();
    return !audit.faults().empty() || !ok(file.turned_back(10)).empty();
}

}  // namespace

TEST_SUITE("store/sqlite/log_file") {
    TEST_CASE("TM47: whatever is done to the registry past the store is found") {
        CHECK_FALSE(is_found(""));
        for (const auto* attack :
             {"UPDATE record SET body = '{}' WHERE id = 'acc_1' AND revision = 1",
              "UPDATE record SET lookup = 'x' WHERE id = 'com_1'",
              "UPDATE record SET cluster = 'x' WHERE id = 'com_1'",
              "UPDATE record SET at = 1 WHERE id = 'com_1'", "DELETE FROM record WHERE change = 1",
              "DELETE FROM record WHERE change = 3", "DELETE FROM record",
              "UPDATE record SET latest = 0 WHERE id = 'acc_1';"
              "UPDATE record SET latest = 1 WHERE id = 'acc_1' AND revision = 1",
              "UPDATE record SET latest = 0 WHERE id = 'com_1'",
              "INSERT INTO record SELECT kind, 'com_9', 1, 1, cluster, '', search, body, at, 0, ''"
              " FROM record WHERE change = 3"}) {
            CAPTURE(attack);
            CHECK(is_found(attack));
        }
    }

    TEST_CASE("a revision once written is not changed by mistake") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path()}));
        test::commit_record(*store, test::sample_record(RecordKind::company, "com_1"));
        SQLite::Database raw((folder.path() / "sillage.db").string(), SQLite::OPEN_READWRITE);

        CHECK_THROWS(raw.exec("DELETE FROM record"));
        CHECK_THROWS(raw.exec("UPDATE record SET body = '{}'"));
    }

    TEST_CASE("the log is read beside the store that writes it") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        commit_write(*store, sample_write("ins_1", 1));
        LogFile file = ok(LogFile::open(folder.path() / "data"));
        commit_write(*store, sample_write("ins_1", 2));

        const auto lines = ok(file.lines(1, 10));

        REQUIRE(lines.size() == 1);
        CHECK(lines[0].position == 2);
        CHECK(lines[0].body == sample_write("ins_1", 2).body);
        CHECK(lines[0].payload == sample_write("ins_1", 2).payload);
        CHECK(lines[0].chain.size() == 64);
        CHECK(ok(file.damages()).value().empty());
    }

    TEST_CASE("a copy made while the store is open is a folder of its own") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        commit_write(*store, sample_write("ins_1", 1));
        test::commit_record(*store, test::sample_record(RecordKind::company, "com_1"));
        LogFile file = ok(LogFile::open(folder.path() / "data"));

        ok(file.copy_to(folder.path() / "copy"));

        CHECK(error_of(file.copy_to(folder.path() / "copy")).code == ErrorCode::conflict);
        const auto copy = ok(SqliteStore::open({.folder = folder.path() / "copy"}));
        test::restore(*copy);
        CHECK(ok(ok(copy->read())->instance("ins_1"))->sequence == 1);
        CHECK(ok(ok(copy->read())->record(RecordKind::company, "com_1", 1)).has_value());
        commit_write(*copy, sample_write("ins_1", 2));
        CHECK(ok(ok(store->read())->instance("ins_1"))->sequence == 1);
    }

    TEST_CASE("a large file is looked through only when nobody serves it") {
        const test::TemporaryFolder folder;
        auto store = ok(SqliteStore::open({.folder = folder.path()}));
        commit_write(*store, sample_write("ins_1", 1));
        LogFile file = ok(LogFile::open(folder.path()));
        CHECK(ok(file.damages()).has_value());

        // Only its length counts, and that of a hole is quickly made.
        std::filesystem::resize_file(folder.path() / "sillage.db", std::uintmax_t{300} << 20U);

        CHECK_FALSE(ok(file.damages()).has_value());
        store.reset();
        CHECK(ok(file.damages()).has_value());
    }

    TEST_CASE("what is no data folder is refused") {
        const test::TemporaryFolder folder;
        CHECK(error_of(LogFile::open(folder.path())).code == ErrorCode::not_found);
        std::ofstream(folder.path() / "sillage.db") << std::string(5'000, 'x');
        CHECK(error_of(LogFile::open(folder.path())).code == ErrorCode::corrupt);
    }
}
