#include "engine/store/sqlite/folder.hpp"

#include <sys/stat.h>

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

unsigned int mode_of(const std::filesystem::path& path) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_SUITE("store/sqlite/folder") {
    TEST_CASE("the folder and its files are the owner's alone") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        commit_write(*store, sample_write("ins_1", 1));

        CHECK(mode_of(folder.path() / "data") == 0700);
        for (const char* name : {"sillage.db", "sillage.db-wal", "sillage.db-shm", "lock"}) {
            CAPTURE(name);
            CHECK(mode_of(folder.path() / "data" / name) == 0600);
        }
    }

    TEST_CASE("whether somebody has a folder can be asked without taking or making it") {
        const test::TemporaryFolder folder;
        CHECK_FALSE(is_locked(folder.path() / "data"));
        CHECK_FALSE(std::filesystem::exists(folder.path() / "data"));
        {
            const LockedFolder locked = ok(LockedFolder::open(folder.path() / "data"));
            CHECK(is_locked(folder.path() / "data"));
        }
        CHECK_FALSE(is_locked(folder.path() / "data"));
        ok(LockedFolder::open(folder.path() / "data"));
    }

    TEST_CASE("the lock is held until the folder is let go, also across a move") {
        const test::TemporaryFolder folder;
        {
            LockedFolder first = ok(LockedFolder::open(folder.path()));
            const LockedFolder moved = std::move(first);

            CHECK(error_of(LockedFolder::open(folder.path())).code == ErrorCode::folder_locked);
        }
        ok(LockedFolder::open(folder.path()));
    }

    TEST_CASE("folders above are made, and no link is followed to the files") {
        const test::TemporaryFolder folder;
        ok(LockedFolder::open(folder.path() / "a" / "b"));
        std::filesystem::remove(folder.path() / "a" / "b" / "sillage.db");
        std::ofstream(folder.path() / "elsewhere") << "untouched";
        std::filesystem::create_symlink(folder.path() / "elsewhere",
                                        folder.path() / "a" / "b" / "sillage.db");

        CHECK(error_of(LockedFolder::open(folder.path() / "a" / "b")).code ==
              ErrorCode::storage_failed);
    }

    TEST_CASE("a folder that cannot be made is a refusal that names it") {
        const test::TemporaryFolder folder;
        std::ofstream(folder.path() / "data") << "a file";

        const Error error = error_of(LockedFolder::open(folder.path() / "data"));

        CHECK(error.code == ErrorCode::storage_failed);
        CHECK(error.message.find("data") != std::string::npos);
    }
}
