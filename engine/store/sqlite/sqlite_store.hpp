#pragma once

#include <filesystem>
#include <memory>

#include "engine/store/store.hpp"

namespace sillage {

struct SqliteOptions {
    /// Made when missing (0700); the files in it are the owner's alone (0600).
    std::filesystem::path folder = {};
};

/// The store on a disk. A commit that returned is on the disk; one that did not is wholly there
/// or not at all. Views must be gone before the store is.
class SqliteStore final : public Store {
  public:
    /// Errors: folder_locked: another process has the folder; newer_schema: a newer program wrote
    ///         it; corrupt: the file is no database, or not ours; storage_full, storage_failed.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options);
    ~SqliteStore() override;

    /// Errors: unavailable: views_max are open.
    [[nodiscard]] Result<std::unique_ptr<ReadView>> read() override;
    /// Errors: unavailable: another transaction is open; storage_failed: after an unknown outcome.
    [[nodiscard]] Result<std::unique_ptr<Transaction>> begin() override;
    /// After storage_full it tries a small write, so that it heals once there is space again.
    [[nodiscard]] Result<void> ready() override;

  private:
    struct Parts;
    explicit SqliteStore(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace sillage
