#include "engine/store/sqlite/log_head.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "engine/store/sqlite/log_file.hpp"
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

std::uint64_t position_of(const std::filesystem::path& folder) {
    return ok(read_head(folder)).value_or(LogHead{}).position;
}

/// What a process that is killed now leaves of a folder.
void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to);
}

}  // namespace

TEST_SUITE("store/sqlite/log_head") {
    TEST_CASE("a head is read as it was written, each over the one before") {
        const test::TemporaryFolder folder;
        CHECK(ok(read_head(folder.path())) == std::nullopt);
        const HeadFile file = ok(HeadFile::open(folder.path()));
        CHECK(ok(read_head(folder.path())) == std::nullopt);

        for (const std::uint64_t position : {UINT64_MAX, std::uint64_t{7}}) {
            const LogHead head{.position = position, .chain = std::string(64, 'a')};
            file.write(head);
            CHECK(ok(read_head(folder.path())) == head);
        }
        ok(file.sync());

        struct stat status = {};
        REQUIRE(::stat((folder.path() / "head").c_str(), &status) == 0);
        CHECK((status.st_mode & 07777U) == 0600);
    }

    TEST_CASE("a damaged head is told from none") {
        const test::TemporaryFolder folder;
        for (const std::string& text :
             {std::string(86, '\0'), std::string("7 abc\n"),
              std::string(20, '0') + ' ' + std::string(65, 'a'),
              std::string(20, '0') + ' ' + std::string(64, 'a') + "\n\n"}) {
            CAPTURE(text);
            std::ofstream(folder.path() / "head", std::ios::trunc) << text;
            CHECK(error_of(read_head(folder.path())).code == ErrorCode::corrupt);
        }
    }

    TEST_CASE("a folder says after each commit where its log ends") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path()}));
        CHECK(ok(read_head(folder.path())) == std::nullopt);

        commit_write(*store, sample_write("ins_1", 1));
        CHECK(position_of(folder.path()) == 1);
        commit_write(*store, sample_write("ins_1", 2));
        CHECK(position_of(folder.path()) == 2);
        {
            const auto transaction = ok(store->begin());
            ok(transaction->append(sample_write("ins_1", 3)));
        }
        CHECK(position_of(folder.path()) == 2);

        LogFile file = ok(LogFile::open(folder.path()));
        CHECK(ok(file.head())->chain == ok(file.lines(1, 1)).front().chain);
    }

    TEST_CASE("a log that has lost its end, or has another, is not served") {
        const test::TemporaryFolder folder;
        const std::filesystem::path data = folder.path() / "data";
        const std::filesystem::path cut = folder.path() / "cut";
        auto store = ok(SqliteStore::open({.folder = data}));
        commit_write(*store, sample_write("ins_1", 1));
        store.reset();
        copy_files(data, cut);
        store = ok(SqliteStore::open({.folder = data}));
        commit_write(*store, sample_write("ins_1", 2));
        std::filesystem::copy_file(data / "head", cut / "head",
                                   std::filesystem::copy_options::overwrite_existing);

        const Error error = error_of(SqliteStore::open({.folder = cut}));
        CHECK(error.code == ErrorCode::corrupt);
        CHECK(error.message.find("ends before entry 2") != std::string::npos);

        ok(HeadFile::open(cut)).write({.position = 1, .chain = std::string(64, 'b')});
        CHECK(error_of(SqliteStore::open({.folder = cut})).message.find("has another entry 1") !=
              std::string::npos);

        std::filesystem::remove(cut / "head");
        commit_write(*ok(SqliteStore::open({.folder = cut})), sample_write("ins_1", 2));
    }

    TEST_CASE("a head that a power cut has spoilt claims nothing, and is written anew") {
        const test::TemporaryFolder folder;
        commit_write(*ok(SqliteStore::open({.folder = folder.path()})), sample_write("ins_1", 1));
        std::ofstream(folder.path() / "head", std::ios::trunc) << std::string(86, '\0');

        ok(SqliteStore::open({.folder = folder.path()}));

        CHECK(position_of(folder.path()) == 1);
    }

    TEST_CASE("a copy says where it ends") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        commit_write(*store, sample_write("ins_1", 1));

        ok(ok(LogFile::open(folder.path() / "data")).copy_to(folder.path() / "copy"));

        CHECK(position_of(folder.path() / "copy") == 1);
    }
}
