#include "engine/store/sqlite/writer.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "engine/base/fault.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/migrations.hpp"

namespace sillage {
namespace {

/// Pages of 4 KiB between checkpoints: what a batch may have to wait for them. Measured at 20,000
/// events/s: the slowest of a hundred requests waits 8 ms with 500, 11 ms with 1,000, 18 ms with
/// 2,000. Larger pieces cost less only where a sync takes milliseconds.
constexpr int checkpoint_pages = 500;
/// Past this (32 MiB) the WAL is cut, not only copied: views held it open.
constexpr int cut_pages = 8'000;
/// At this (48 MiB) nothing new is begun, because somebody holds it open still: what is under way
/// then has the rest of the 64 MiB that it may be (reliability.md, E1).
constexpr int crowded_pages = 12'000;
/// How long a cut waits for readers. Chosen: longer than any statement of a backup or of a page of
/// a list takes; what waits for its commit meanwhile hardly notices.
constexpr int cut_wait_ms = 20;

}  // namespace

Writer::Statements::Statements(SQLite::Database& database)
    : reads(database),
      writes(database, reads),
      begin(database, "BEGIN IMMEDIATE"),
      commit(database, "COMMIT"),
      roll_back(database, "ROLLBACK"),
      probe(database,
            "INSERT OR REPLACE INTO setting (name, value)"
            " VALUES ('space_probe', hex(zeroblob(32768)))") {}

Writer::Writer(const std::filesystem::path& database)
    : folder_(database.parent_path()),
      database_(open_writer(database)),
      checkpoint_at_pages_(checkpoint_pages) {}

Result<void> Writer::prepare() {
    SILLAGE_TRY(check_schema_version(database_));
    SILLAGE_TRY(configure_writer(database_));
    SILLAGE_TRY(migrate(database_));
    SILLAGE_TRY(prepare_head());
    return guarded([&]() -> Result<void> {
        statements_.emplace(database_);
        sqlite3_wal_hook(database_.getHandle(), &Writer::count_wal_pages, this);
        checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
        return success();
    });
}

Result<void> Writer::prepare_head() {
    SILLAGE_TRY(check_head(database_, folder_));
    SILLAGE_TRY(HeadFile file, HeadFile::open(folder_));
    head_.emplace(std::move(file));
    SILLAGE_TRY(guarded([&]() -> Result<void> {
        if (const auto head = head_of(database_)) {
            head_->write(*head);
        }
        return success();
    }));
    return head_->sync();
}

int Writer::count_wal_pages(void* writer, sqlite3*, const char*, int pages) {
    static_cast<Writer*>(writer)->wal_pages_ = pages;
    return SQLITE_OK;
}

Result<void> Writer::begin(Sync sync) {
    if (failed_) {
        return *failed_;
    }
    if (open_) {
        return Error{.code = ErrorCode::unavailable, .message = "A transaction is open."};
    }
    const Result<void> begun = guarded([&]() -> Result<void> {
        if (sync != sync_) {
            const bool is_full = sync == Sync::full && !is_broken(Breakage::synchronous_normal);
            database_.exec(is_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            sync_ = sync;
        }
        Use(statements_->begin).run();
        return success();
    });
    open_ = begun.has_value();
    return begun;
}

Result<void> Writer::commit() {
    if (spoilt_) {
        Error why = *spoilt_;
        roll_back();
        return why;
    }
    crash_point(CrashPoint::before_commit);
    const int code = statements_->commit.tryExecuteStep();
    statements_->commit.tryReset();
    if (code == SQLITE_DONE || is_broken(Breakage::flush_retried)) {
        crash_point(CrashPoint::after_commit);
        open_ = false;
        full_ = false;
        if (const auto appended = statements_->writes.take_appended()) {
            head_->write(*appended);
        }
        return success();
    }
    Error why = error_of(code, database_.getErrorMsg());
    if (why.code == ErrorCode::storage_full) {
        full_ = true;
    } else {
        // Its frames may or may not be in the WAL: only a new start can tell.
        fail("a commit", why.message);
        why = *failed_;
    }
    roll_back();
    return why;
}

void Writer::roll_back() {
    // Some errors, FULL among them, have rolled the transaction back already.
    if (open_ && sqlite3_get_autocommit(database_.getHandle()) == 0) {
        if (statements_->roll_back.tryExecuteStep() != SQLITE_DONE) {
            fail("a roll-back", database_.getErrorMsg());
        }
        statements_->roll_back.tryReset();
    }
    open_ = false;
    spoilt_.reset();
    statements_->writes.forget_appended();
}

void Writer::note(const Error& why) {
    if (why.code == ErrorCode::storage_full) {
        full_ = true;
        spoilt_ = why;
    } else if (why.code != ErrorCode::conflict) {
        fail("a write", why.message);
        spoilt_ = failed_;
    } else if (sqlite3_get_autocommit(database_.getHandle()) != 0) {
        spoilt_ = why;
    }
}

Result<void> Writer::ready() {
    if (failed_) {
        return *failed_;
    }
    if (crowded_ && !open_) {
        cut_wal(0);  // who asks has others waiting, and asks again
    }
    if (crowded_) {
        return Error{.code = ErrorCode::unavailable,
                     .message =
                         "Another program has held the database open for so long that "
                         "nothing more can be written until it lets go."};
    }
    if (!full_) {
        return success();
    }
    if (open_) {
        return error_of(SQLITE_FULL, {});
    }
    SILLAGE_TRY(begin());
    const Result<void> probed = write([&](Writes&) {
        return guarded([&]() -> Result<void> {
            Use(statements_->probe).run();
            return success();
        });
    });
    if (!probed) {
        roll_back();
        return probed.error();
    }
    return commit();
}

void Writer::fail(std::string_view what, std::string_view words) {
    failed_ = Error{.code = ErrorCode::storage_failed,
                    .message = fmt::format("The outcome of {} is unknown: {}", what, words)};
}

void Writer::checkpoint_when_due() {
    if (wal_pages_ < checkpoint_at_pages_) {
        // Smaller than at the last attempt: it has begun anew since.
        checkpoint_at_pages_ = std::max(
            checkpoint_pages, std::min(checkpoint_at_pages_, wal_pages_ + checkpoint_pages));
        return;
    }
    checkpoint_at_pages_ = wal_pages_ + checkpoint_pages;
    if (wal_pages_ < cut_pages) {
        checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    } else {
        cut_wal(cut_wait_ms);
    }
}

void Writer::cut_wal(int wait_ms) {
    sqlite3_busy_timeout(database_.getHandle(), wait_ms);
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(database_.getHandle(), 0);
    crowded_ = wal_pages_ >= crowded_pages;
}

void Writer::checkpoint(int mode) {
    sqlite3* const handle = database_.getHandle();
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, mode, nullptr, nullptr);
    crash_point(CrashPoint::mid_checkpoint);
    const int primary = code & 0xFF;
    if (primary == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE) {
        wal_pages_ = 0;
    } else if (primary == SQLITE_FULL) {
        // What was committed stays in the WAL.
        full_ = true;
    } else if (primary != SQLITE_OK && primary != SQLITE_BUSY && primary != SQLITE_LOCKED) {
        fail("a checkpoint", sqlite3_errmsg(handle));
    }
}

}  // namespace sillage
