#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "engine/base/assert.hpp"
#include "engine/store/sqlite/log_head.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/writes.hpp"

namespace sillage {

/// The one connection that writes and checkpoints, and what it knows of the disk.
class Writer {
  public:
    /// Throws SQLite::Exception.
    explicit Writer(const std::filesystem::path& database);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Checks the schema, brings it up to date, looks whether the log has its end, prepares the
    /// statements, empties the WAL.
    /// Errors: as SqliteStore::open.
    [[nodiscard]] Result<void> prepare();

    /// After prepare.
    [[nodiscard]] Reads& reads() { return statements_->reads; }

    /// Whether a commit waits for the disk.
    enum class Sync { full, none };
    /// Errors: unavailable: a transaction is open; storage_failed: a write's outcome is unknown.
    [[nodiscard]] Result<void> begin(Sync sync = Sync::full);
    /// Errors: storage_full: nothing is kept; storage_failed: the outcome is unknown, and no
    ///         transaction begins any more.
    [[nodiscard]] Result<void> commit();
    /// Ends the transaction, if it has not ended, without keeping anything.
    void roll_back();
    /// Copies what was committed from the WAL into the database when there is enough of it: some
    /// milliseconds. Outside a transaction.
    void checkpoint_when_due();
    /// Runs `work` on the Writes, inside the transaction. An error other than a conflict spoils
    /// that: SQLite may have rolled it back, so nothing more runs in it and its commit gives the
    /// same error.
    template <class Work>
    [[nodiscard]] Result<void> write(const Work& work) {
        SILLAGE_ASSERT(open_);
        if (spoilt_) {
            return *spoilt_;
        }
        Result<void> written = work(statements_->writes);
        if (!written) {
            note(written.error());
        }
        return written;
    }
    /// Tries whether what is_full and is_crowded say is over. Errors: storage_full, storage_failed;
    ///         unavailable: the WAL cannot be emptied, because another program reads it.
    [[nodiscard]] Result<void> ready();
    /// The last write met the end of the disk; asked by any thread, as the next.
    [[nodiscard]] bool is_full() const { return full_; }
    /// The WAL is as large as it may be. Nothing new should be begun until ready says so.
    [[nodiscard]] bool is_crowded() const { return crowded_; }

  private:
    struct Statements {
        explicit Statements(SQLite::Database& database);

        Reads reads;
        Writes writes;
        SQLite::Statement begin;
        SQLite::Statement commit;
        SQLite::Statement roll_back;
        SQLite::Statement probe;
    };

    /// Has the folder's head file say where the log ends.
    Result<void> prepare_head();
    void note(const Error& why);
    void fail(std::string_view what, std::string_view words);
    void checkpoint(int mode);
    /// Empties the WAL; waits so long for those who read it.
    void cut_wal(int wait_ms);
    static int count_wal_pages(void* writer, sqlite3*, const char*, int pages);

    std::filesystem::path folder_;
    SQLite::Database database_;
    std::optional<HeadFile> head_;
    std::optional<Statements> statements_;
    Sync sync_ = Sync::full;
    bool open_ = false;
    /// Why the open transaction cannot be committed.
    std::optional<Error> spoilt_;
    /// Why nothing is written any more.
    std::optional<Error> failed_;
    /// The last write met the end of the disk.
    std::atomic<bool> full_ = false;
    /// Another program has held the WAL open for too long.
    std::atomic<bool> crowded_ = false;
    /// Pages of the WAL after the last commit, and at which the next checkpoint is tried.
    int wal_pages_ = 0;
    int checkpoint_at_pages_ = 0;
};

}  // namespace sillage
