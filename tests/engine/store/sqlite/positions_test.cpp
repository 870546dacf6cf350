#include "engine/store/sqlite/positions.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <filesystem>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

/// Sequences of what is found, joined.
std::string sequences_of(Store& store, std::uint64_t after, std::size_t limit) {
    std::string text;
    for (const Entry& entry : ok(ok(store.read())->entries("ins_1", after, limit))) {
        CHECK(entry.instance == "ins_1");
        text += std::to_string(entry.sequence) + " ";
    }
    return text;
}

std::string numbers(std::uint64_t first, std::uint64_t last) {
    std::string text;
    for (std::uint64_t number = first; number <= last; ++number) {
        text += std::to_string(number) + " ";
    }
    return text;
}

}  // namespace

TEST_SUITE("store/sqlite/positions") {
    TEST_CASE("positions are read back as they were written") {
        const std::vector<std::uint64_t> positions{1017, 1081, 1084, 90'000'000'000};

        CHECK(position_list({}).empty());
        CHECK(position_list(positions) == "1017,64,3,89999998916");
        CHECK(ok(positions_of(position_list(positions))) == positions);
        CHECK(ok(positions_of("")).empty());
        for (const char* column : {",", "1,", "1,,2", "a", "1;2", "-1"}) {
            CAPTURE(column);
            CHECK(error_of(positions_of(column)).code == ErrorCode::corrupt);
        }
    }

    TEST_CASE("a long log is found from every place in it, among those of others") {
        constexpr std::uint64_t length = 3 * positions_per_block + 5;
        const test::TemporaryFolder folder;
        std::unique_ptr<SqliteStore> store;
        for (std::uint64_t sequence = 1; sequence <= length; ++sequence) {
            // Brought into the tables one after another, a few and many at a time.
            if (sequence == 1 || sequence % 7 == 0 || (sequence > 20 && sequence < 40)) {
                store.reset();
                store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
            }
            test::commit_write(*store, test::sample_write("ins_1", sequence));
            test::commit_write(*store, test::sample_write("ins_2", sequence));
        }
        store.reset();
        store = ok(SqliteStore::open({.folder = folder.path() / "data"}));

        for (std::uint64_t after = 0; after <= length; ++after) {
            CAPTURE(after);
            CHECK(sequences_of(*store, after, 1'000) == numbers(after + 1, length));
            CHECK(sequences_of(*store, after, 40) ==
                  numbers(after + 1, std::min(length, after + 40)));
        }
        CHECK(sequences_of(*store, length + 9, 10).empty());
    }

    TEST_CASE("a place that has another entry, or none, is told, not served") {
        const test::TemporaryFolder folder;
        const SqliteOptions options{.folder = folder.path() / "data"};
        for (const char* place : {"2", "3"}) {
            CAPTURE(place);
            std::filesystem::remove_all(options.folder);
            auto store = ok(SqliteStore::open(options));
            test::commit_write(*store, test::sample_write("ins_1", 1));
            test::commit_write(*store, test::sample_write("ins_2", 1));
            store.reset();
            {
                SQLite::Database database((options.folder / "sillage.db").string(),
                                          SQLite::OPEN_READWRITE);
                SQLite::Statement damage(database, "UPDATE instance SET recent = ?1 WHERE id = ?2");
                damage.bind(1, place);
                damage.bind(2, "ins_1");
                damage.exec();
            }
            store = ok(SqliteStore::open(options));

            CHECK(error_of(ok(store->read())->entries("ins_1", 0, 10)).code == ErrorCode::corrupt);
        }
    }
}
