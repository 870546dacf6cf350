#pragma once

#include <filesystem>
#include <memory>

#include "engine/store/sqlite/commit_times.hpp"
#include "engine/store/store.hpp"

namespace sillage {

struct SqliteOptions {
    /// Made when missing (0700); the files in it are the owner's alone (0600).
    std::filesystem::path folder = {};
    /// Null: nobody is told.
    CommitObserver on_commit = {};
};

/// The store on a disk. What was committed, or accepted and synced, is on the disk; what was not
/// is wholly there or not at all.
///
/// Only log and registry are synced. What else views show is kept in memory until a thread of the
/// store's own has brought the tables after the log: at most a second or 20,000 entries later, and
/// before the store is gone.
class SqliteStore final : public Store {
  public:
    /// Errors: folder_locked: another process has the folder; newer_schema: a newer program wrote
    ///         it; corrupt: the file is no database, or not ours; storage_full, storage_failed.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options);
    ~SqliteStore() override;

    [[nodiscard]] Result<std::unique_ptr<ReadView>> read() override;
    /// Errors: unavailable: another transaction is open, or another program has held the database
    ///         open until the WAL was as large as it may be; storage_full: as long as not even a
    ///         small write is taken; storage_failed: after an unknown outcome.
    [[nodiscard]] Result<std::unique_ptr<Transaction>> begin() override;
    /// After storage_full it tries a small write, so that it heals once there is space again.
    [[nodiscard]] Result<void> ready() override;
    [[nodiscard]] std::uint64_t registry_revision() const override;
    [[nodiscard]] Result<std::uint64_t> watch(DurableWitness witness) override;
    void sync(const std::function<void(Result<void>)>& done) override;
    [[nodiscard]] bool needs_sync() override;
    [[nodiscard]] std::size_t unsynced_bytes() const override;
    [[nodiscard]] Result<bool> is_behind() override;
    [[nodiscard]] Result<std::vector<Entry>> tail(std::size_t limit) override;
    [[nodiscard]] Result<void> restore(const InstanceWrite& write) override;

  private:
    struct Parts;
    class Writing;
    explicit SqliteStore(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace sillage
