#pragma once

#include <filesystem>

#include "engine/base/result.hpp"

namespace sillage {

/// A data folder that this process alone has, as long as it lives.
class LockedFolder {
  public:
    /// Makes the folder when missing, takes its lock and makes the database file (0600), so that
    /// SQLite gives the files beside it the same rights.
    /// Errors: folder_locked; storage_full, storage_failed: it cannot be made or written.
    [[nodiscard]] static Result<LockedFolder> open(const std::filesystem::path& folder);

    LockedFolder(LockedFolder&& other) noexcept;
    LockedFolder& operator=(LockedFolder&&) = delete;
    ~LockedFolder();

    [[nodiscard]] const std::filesystem::path& database() const { return database_; }

  private:
    LockedFolder(std::filesystem::path database, int lock);

    std::filesystem::path database_;
    int lock_;
};

/// Whether a process has the folder now.
[[nodiscard]] bool is_locked(const std::filesystem::path& folder);

/// Where a data folder has its database.
[[nodiscard]] std::filesystem::path database_in(const std::filesystem::path& folder);

/// Makes a file that was written survive a power cut, and its name too.
/// Errors: storage_full, storage_failed.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& path);

}  // namespace sillage
