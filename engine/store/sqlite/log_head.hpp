#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/result.hpp"

namespace sillage {

/// The last entry of a log.
struct LogHead {
    std::uint64_t position = 0;
    /// The chain's hash up to it.
    std::string chain = {};

    bool operator==(const LogHead&) const = default;
};

/// Nothing: the log is empty. Throws SQLite::Exception.
[[nodiscard]] std::optional<LogHead> head_of(SQLite::Database& database);

/// The file `head` beside the database, which says where the log ended when it was last synced, so
/// that one whose end was cut is not taken for whole. It is written after each sync, and not synced
/// itself: after a power cut it may say less than it did, never more than the log has.
class HeadFile {
  public:
    /// That of a data folder; made when missing (0600). Errors: storage_full, storage_failed.
    [[nodiscard]] static Result<HeadFile> open(const std::filesystem::path& folder);

    HeadFile(HeadFile&& other) noexcept;
    HeadFile& operator=(HeadFile&&) = delete;
    ~HeadFile();

    /// One that cannot be written leaves the one before: it claims less, and nothing wrong.
    void write(const LogHead& head) const;
    /// Has it outlive a power cut. Errors: storage_full, storage_failed.
    [[nodiscard]] Result<void> sync() const;

  private:
    HeadFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}

    std::filesystem::path path_;
    int file_;
};

/// What a folder's head file says. Nothing: it has none, or it was never written.
/// Errors: corrupt: it is not as it was written.
[[nodiscard]] Result<std::optional<LogHead>> read_head(const std::filesystem::path& folder);

/// Whether the folder's log has the entry that its head file names, if that names one.
/// Errors: corrupt: it has not.
[[nodiscard]] Result<void> check_head(SQLite::Database& database,
                                      const std::filesystem::path& folder);

}  // namespace sillage
