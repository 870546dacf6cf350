#include "engine/store/sqlite/sqlite_store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

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

std::uintmax_t wal_bytes(const test::TemporaryFolder& folder) {
    return std::filesystem::file_size(folder.path() / "data" / "sillage.db-wal");
}

}  // namespace

TEST_SUITE("store/sqlite/sqlite_store") {
    TEST_CASE("a second store on the same folder is refused until the first is gone") {
        const test::TemporaryFolder folder;
        auto first = open(folder);

        CHECK(error_of(SqliteStore::open({.folder = folder.path() / "data"})).code ==
              ErrorCode::folder_locked);
        first.reset();
        open(folder);
    }

    TEST_CASE("a damaged row is told, not served") {
        const test::TemporaryFolder folder;
        auto store = open(folder);
        commit_write(*store, sample_write("ins_1", 1));
        store.reset();
        raw(folder).exec("UPDATE instance SET states = '[1]'");
        store = open(folder);

        CHECK(error_of(ok(store->read())->instance("ins_1")).code == ErrorCode::corrupt);
    }

    TEST_CASE("the log before the database is used again and does not grow without end") {
        const test::TemporaryFolder folder;
        const auto store = open(folder);
        std::uintmax_t most = 0;

        for (std::uint64_t sequence = 1; sequence <= 400; ++sequence) {
            InstanceWrite write = sample_write("ins_1", sequence);
            write.instance.update(
                [&](InstanceRecord& record) { record.snapshot = std::string(100'000, 'x'); });
            commit_write(*store, write);
            most = std::max(most, wal_bytes(folder));
        }

        // 40 MB were written, 2 MiB lie between checkpoints.
        CHECK(most < 8'000'000);
        CHECK(ok(ok(store->read())->instance("ins_1"))->sequence == 400);
    }
}
