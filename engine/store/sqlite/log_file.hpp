#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/store/log_line.hpp"
#include "engine/store/registry_line.hpp"
#include "engine/store/sqlite/log_head.hpp"

namespace sillage {

/// The log of a data folder as it lies there, to be proved or copied. Changes nothing and needs no
/// lock: a server may be running on the folder.
class LogFile {
  public:
    /// Errors: not_found: there is no database; newer_schema, corrupt: it cannot be read;
    ///         storage_failed.
    [[nodiscard]] static Result<LogFile> open(const std::filesystem::path& folder);

    /// Those after a position, in order. Errors: corrupt, storage_failed.
    [[nodiscard]] Result<std::vector<LogLine>> lines(std::uint64_t after, std::size_t limit);
    /// Those after an instance's id, in order of id. Errors: as lines.
    [[nodiscard]] Result<std::vector<InstanceHead>> heads(const std::string& after,
                                                          std::size_t limit);
    /// Up to where the tables say that they have everything. Errors: as lines.
    [[nodiscard]] Result<std::uint64_t> projected();
    /// Revisions of records after one, in order of change, kind, id and revision. Errors: as lines.
    [[nodiscard]] Result<std::vector<RegistryLine>> changes(const RegistryLine& after,
                                                            std::size_t limit);
    /// The last change of the registry, as the folder says; its number is 0 when there is none.
    /// Errors: as lines.
    [[nodiscard]] Result<LogHead> registry_end();
    /// Revisions of before changes were counted, as the folder says. Errors: as lines.
    [[nodiscard]] Result<std::uint64_t> uncounted_records();
    /// Ids of records of which another revision than the last one stands for them, at most so many.
    /// Errors: as lines.
    [[nodiscard]] Result<std::vector<std::string>> turned_back(std::size_t limit);
    /// Where the log ended when it was last synced, as far as the folder says so.
    /// Errors: corrupt: what it says cannot be read.
    [[nodiscard]] Result<std::optional<LogHead>> head() const;
    /// What SQLite finds wrong with the file itself; at most 100. Nothing: it was not asked, for
    /// its one long look would hold the WAL of a server open, until that refuses writes. Errors:
    /// storage_failed.
    [[nodiscard]] Result<std::optional<std::vector<std::string>>> damages();
    /// Copies it into a new folder, synced: the log at least up to where it ends now, and what
    /// belongs to it.
    /// Errors: conflict: there is a database in it; storage_full, storage_failed.
    [[nodiscard]] Result<void> copy_to(const std::filesystem::path& folder);

  private:
    struct Parts;
    /// Empty when it was never set.
    [[nodiscard]] Result<std::string> setting(std::string_view name);
    explicit LogFile(std::shared_ptr<Parts> parts) : parts_(std::move(parts)) {}

    std::shared_ptr<Parts> parts_;
};

}  // namespace sillage
