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

}  // namespace sillage
