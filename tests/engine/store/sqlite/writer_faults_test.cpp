// What a disk does to the store: no space, failing writes, a process that is killed.

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "engine/store/entry_json.hpp"
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

Result<void> try_write(Store& store, const InstanceWrite& write) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(transaction->append(write));
    return transaction->commit();
}

InstanceWrite large_write(std::uint64_t sequence, std::size_t bytes = 50'000) {
    InstanceWrite write = sample_write("ins_1", sequence);
    write.entry.data = std::string(bytes, 'x');
    write.payload = payload_text(write.entry);
    return write;
}

/// Steps until one is refused; its sequence.
std::uint64_t fill(Store& store, Error& refusal) {
    for (std::uint64_t sequence = 1; sequence < 1'000; ++sequence) {
        const Result<void> written = try_write(store, large_write(sequence));
        if (!written) {
            refusal = written.error();
            return sequence;
        }
    }
    FAIL("the disk never filled");
    return 0;
}

std::uint64_t sequence_of(Store& store) {
    test::restore(store);
    return ok(ok(store.read())->instance("ins_1")).value_or(InstanceRecord{}).sequence;
}

void fill_to_the_brim(const std::filesystem::path& path) {
    std::ofstream file(path);
    while (file << std::string(4'096, 'b') << std::flush) {
    }
}

void accept(Store& store, const InstanceWrite& write) {
    const auto transaction = ok(store.begin());
    ok(transaction->append(write));
    ok(transaction->accept());
}

Result<void> synced(Store& store) {
    std::promise<Result<void>> outcome;
    store.sync([&](Result<void> result) { outcome.set_value(std::move(result)); });
    return outcome.get_future().get();
}

/// Writes until it is killed, and says after each commit which sequence that was.
[[noreturn]] void write_for_ever(const std::filesystem::path& folder, int acknowledged) {
    const auto store = SqliteStore::open({.folder = folder});
    for (std::uint64_t sequence = store ? sequence_of(*store.value()) + 1 : 0; sequence > 0;
         ++sequence) {
        if (!try_write(*store.value(), sample_write("ins_1", sequence)) ||
            ::write(acknowledged, &sequence, sizeof sequence) <= 0) {
            break;
        }
    }
    ::_exit(1);
}

/// Kills a writing process after that many commits; the last sequence it acknowledged.
std::uint64_t kill_after(int commit_count, const std::filesystem::path& folder) {
    int acknowledged[2] = {};
    REQUIRE(::pipe(acknowledged) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        write_for_ever(folder, acknowledged[1]);
    }
    ::close(acknowledged[1]);
    std::uint64_t last = 0;
    for (int count = 0; count < commit_count; ++count) {
        REQUIRE(::read(acknowledged[0], &last, sizeof last) == sizeof last);
    }
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    std::uint64_t next = 0;
    while (::read(acknowledged[0], &next, sizeof next) == sizeof next) {
        last = next;
    }
    ::close(acknowledged[0]);
    return last;
}

}  // namespace

TEST_SUITE("store/sqlite/writer") {
    TEST_CASE("a full disk refuses, keeps what it has, and takes writes once there is space") {
        const test::TemporaryFolder folder;
        if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=6m") != 0) {
            MESSAGE("not run: mounting a small disk needs root");
            return;
        }
        {
            std::ofstream(folder.path() / "ballast") << std::string(4'000'000, 'b');
            const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
            Error refusal;
            const std::uint64_t refused = fill(*store, refusal);
            CHECK(refusal.code == ErrorCode::storage_full);
            CHECK(error_of(store->ready()).code == ErrorCode::storage_full);
            CHECK(error_of(store->begin()).code == ErrorCode::storage_full);
            CHECK(sequence_of(*store) == refused - 1);

            std::filesystem::remove(folder.path() / "ballast");

            commit_write(*store, large_write(refused));
            CHECK(sequence_of(*store) == refused);
            ok(store->ready());
        }
        CHECK(::umount(folder.path().c_str()) == 0);
    }

    TEST_CASE("what was accepted on top of a write that a full disk refused is told as lost, too") {
        const test::TemporaryFolder folder;
        if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=3m") != 0) {
            MESSAGE("not run: mounting a small disk needs root");
            return;
        }
        {
            const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
            fill_to_the_brim(folder.path() / "ballast");
            accept(*store, large_write(1));
            auto second = ok(store->begin());
            CHECK(error_of(synced(*store)).code == ErrorCode::storage_full);
            ok(second->append(large_write(2)));
            ok(second->accept());
            second.reset();

            CHECK(sequence_of(*store) == 0);
            CHECK(error_of(store->begin()).code == ErrorCode::storage_full);
            CHECK(error_of(synced(*store)).code == ErrorCode::storage_full);

            std::filesystem::remove(folder.path() / "ballast");
            commit_write(*store, large_write(1));
            CHECK(sequence_of(*store) == 1);
        }
        CHECK(::umount(folder.path().c_str()) == 0);
    }

    TEST_CASE(
        "while another program holds the WAL open, writes are refused before it is too large") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path()}));
        commit_write(*store, large_write(1));
        SQLite::Database other = open_reader(folder.path() / "sillage.db");
        other.exec("BEGIN");
        CHECK(other.execAndGet("SELECT count(*) FROM entry").getInt() == 1);

        Result<void> written = success();
        std::uint64_t sequence = 1;
        while (written) {
            written = try_write(*store, large_write(++sequence, 1'000'000));
        }

        const auto wal_bytes = [&] {
            return std::filesystem::file_size(folder.path() / "sillage.db-wal");
        };
        CHECK(error_of(written).code == ErrorCode::unavailable);
        CHECK(error_of(store->ready()).code == ErrorCode::unavailable);
        CHECK(wal_bytes() > std::uintmax_t{32} << 20U);
        CHECK(wal_bytes() < std::uintmax_t{64} << 20U);
        CHECK(ok(ok(store->read())->instance("ins_1"))->sequence == sequence - 1);

        other.exec("COMMIT");

        ok(store->ready());
        CHECK(wal_bytes() < std::uintmax_t{1} << 20U);  // the tables may be written already
        commit_write(*store, large_write(sequence));
    }

    TEST_CASE("after a write that failed nothing is written any more until a new start") {
        const test::TemporaryFolder folder;
        auto store = ok(SqliteStore::open({.folder = folder.path()}));
        commit_write(*store, large_write(1));
        struct rlimit before = {};
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const auto handler = ::signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = before;
        limit.rlim_cur = 100'000;  // EFBIG, which no free space mends

        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
        Error refusal;
        Result<void> written = success();
        std::uint64_t sequence = 2;
        for (; written && sequence < 10; ++sequence) {
            written = try_write(*store, large_write(sequence));
        }
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        ::signal(SIGXFSZ, handler);

        CHECK(error_of(written).code == ErrorCode::storage_failed);
        CHECK(error_of(store->ready()).code == ErrorCode::storage_failed);
        CHECK(error_of(store->begin()).code == ErrorCode::storage_failed);
        store.reset();
        store = ok(SqliteStore::open({.folder = folder.path()}));
        // The failed one is wholly there or not at all.
        const std::uint64_t kept = sequence_of(*store);
        CHECK((kept == sequence - 2 || kept == sequence - 1));
        CHECK(ok(ok(store->read())->log(0, 100)).size() == kept);
        commit_write(*store, large_write(kept + 1));
    }

    TEST_CASE("whatever a killed process had acknowledged is there") {
        const test::TemporaryFolder folder;
        for (int kill_number = 0; kill_number < 5; ++kill_number) {
            CAPTURE(kill_number);
            const std::uint64_t last = kill_after(5 + 7 * kill_number, folder.path());

            const auto store = ok(SqliteStore::open({.folder = folder.path()}));
            const std::uint64_t kept = sequence_of(*store);
            CHECK((kept == last || kept == last + 1));
            CHECK(ok(ok(store->read())->entries("ins_1", 0, 10'000)).size() == kept);
        }
    }
}
