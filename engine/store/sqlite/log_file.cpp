#include "engine/store/sqlite/log_file.hpp"

#include <fmt/format.h>

#include <charconv>

#include "engine/base/hash.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/database_copy.hpp"
#include "engine/store/sqlite/folder.hpp"
#include "engine/store/sqlite/migrations.hpp"
#include "engine/store/sqlite/writes.hpp"

namespace sillage {
namespace {

/// The largest file that is looked through beside a server. Chosen: that takes a second or two, in
/// which the fastest load writes half of what the WAL may hold.
constexpr std::uintmax_t served_bytes_max = std::uintmax_t{256} << 20U;

/// The number that a setting begins with; 0 without one.
std::uint64_t number_in(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Whoever proves the copy learns where it ends.
Result<void> write_head_of(const std::filesystem::path& copy) {
    SILLAGE_TRY(const HeadFile file, HeadFile::open(copy.parent_path()));
    SILLAGE_TRY(guarded([&]() -> Result<void> {
        SQLite::Database database = open_reader(copy);
        if (const auto head = head_of(database)) {
            file.write(*head);
        }
        return success();
    }));
    return file.sync();
}

}  // namespace

struct LogFile::Parts {
    explicit Parts(const std::filesystem::path& file)
        : path(file),
          database(open_reader(file)),
          lines(database,
                "SELECT position, body, payload, salt, hash, chain FROM entry"
                " WHERE position > ?1 ORDER BY position LIMIT ?2"),
          heads(database,
                "SELECT id, sequence, head, snapshot FROM instance WHERE id > ?1"
                " ORDER BY id LIMIT ?2"),
          changes(database,
                  "SELECT change, kind, id, revision, cluster, lookup, body, at, chain FROM record"
                  " WHERE (change, kind, id, revision) > (?1, ?2, ?3, ?4)"
                  " ORDER BY change, kind, id, revision LIMIT ?5"),
          turned_back(database,
                      "SELECT DISTINCT id FROM record AS one WHERE latest <>"
                      " (revision = (SELECT max(revision) FROM record"
                      "  WHERE kind = one.kind AND id = one.id)) LIMIT ?1"),
          setting(database, "SELECT value FROM setting WHERE name = ?1"),
          check(database, "PRAGMA integrity_check(100)") {}

    std::filesystem::path path;
    SQLite::Database database;
    SQLite::Statement lines;
    SQLite::Statement heads;
    SQLite::Statement changes;
    SQLite::Statement turned_back;
    SQLite::Statement setting;
    SQLite::Statement check;
};

Result<LogFile> LogFile::open(const std::filesystem::path& folder) {
    const std::filesystem::path path = database_in(folder);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("There is no data folder at {}.", folder.string())};
    }
    return guarded([&]() -> Result<LogFile> {
        SQLite::Database database = open_reader(path);
        SILLAGE_TRY(check_schema_version(database));
        return LogFile(std::make_shared<Parts>(path));
    });
}

Result<std::vector<LogLine>> LogFile::lines(std::uint64_t after, std::size_t limit) {
    return guarded([&]() -> Result<std::vector<LogLine>> {
        std::vector<LogLine> found;
        Use use(parts_->lines, after, std::uint64_t{limit});
        while (use.step()) {
            found.push_back({.position = use.count(0),
                             .body = use.text(1),
                             .payload = use.text(2),
                             .salt = use.text(3),
                             .hash = use.text(4),
                             .chain = use.text(5)});
        }
        return found;
    });
}

Result<std::vector<InstanceHead>> LogFile::heads(const std::string& after, std::size_t limit) {
    return guarded([&]() -> Result<std::vector<InstanceHead>> {
        std::vector<InstanceHead> found;
        Use use(parts_->heads, after, std::uint64_t{limit});
        while (use.step()) {
            found.push_back({.instance = use.text(0),
                             .sequence = use.count(1),
                             .head = use.text(2),
                             .snapshot_hash = sha256_hex(use.text(3))});
        }
        return found;
    });
}

Result<std::vector<RegistryLine>> LogFile::changes(const RegistryLine& after, std::size_t limit) {
    return guarded([&]() -> Result<std::vector<RegistryLine>> {
        std::vector<RegistryLine> found;
        Use use(parts_->changes, after.change, static_cast<int>(after.kind), after.id,
                after.revision, std::uint64_t{limit});
        while (use.step()) {
            found.push_back({.change = use.count(0),
                             .kind = static_cast<RecordKind>(use.integer(1)),
                             .id = use.text(2),
                             .revision = use.count(3),
                             .cluster = use.text(4),
                             .lookup = use.text(5),
                             .body = use.text(6),
                             .at = Instant{use.integer(7)},
                             .chain = use.text(8)});
        }
        return found;
    });
}

Result<std::vector<std::string>> LogFile::turned_back(std::size_t limit) {
    return guarded([&]() -> Result<std::vector<std::string>> {
        std::vector<std::string> found;
        Use use(parts_->turned_back, std::uint64_t{limit});
        while (use.step()) {
            found.push_back(use.text(0));
        }
        return found;
    });
}

Result<std::string> LogFile::setting(std::string_view name) {
    return guarded([&]() -> Result<std::string> {
        Use use(parts_->setting, name);
        return use.step() ? use.text(0) : std::string();
    });
}

Result<LogHead> LogFile::registry_end() {
    SILLAGE_TRY(const std::string text, setting(registry_end_setting));
    const std::size_t blank = text.find(' ');
    return LogHead{.position = number_in(text),
                   .chain = blank == std::string::npos ? "" : text.substr(blank + 1)};
}

Result<std::uint64_t> LogFile::uncounted_records() {
    SILLAGE_TRY(const std::string text, setting(registry_uncounted_setting));
    return number_in(text);
}

Result<std::uint64_t> LogFile::projected() {
    SILLAGE_TRY(const std::string text, setting(projected_setting));
    return number_in(text);
}

Result<std::optional<LogHead>> LogFile::head() const {
    return read_head(parts_->path.parent_path());
}

Result<std::optional<std::vector<std::string>>> LogFile::damages() {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(parts_->path, error);
    if (bytes > served_bytes_max && is_locked(parts_->path.parent_path())) {
        return std::optional<std::vector<std::string>>{};
    }
    return guarded([&]() -> Result<std::optional<std::vector<std::string>>> {
        std::vector<std::string> found;
        Use use(parts_->check);
        while (use.step()) {
            found.push_back(use.text(0));
        }
        const bool is_sound = found.size() == 1 && found.front() == "ok";
        return std::optional(is_sound ? std::vector<std::string>{} : std::move(found));
    });
}

Result<void> LogFile::copy_to(const std::filesystem::path& folder) {
    SILLAGE_TRY(const LockedFolder target, LockedFolder::open(folder));
    std::error_code error;
    if (std::filesystem::file_size(target.database(), error) != 0 || error) {
        return Error{.code = ErrorCode::conflict,
                     .message = fmt::format("{} is a data folder already; choose a new one.",
                                            folder.string())};
    }
    SILLAGE_TRY(copy_database(parts_->path, target.database()));
    SILLAGE_TRY(write_head_of(target.database()));
    return sync_file(target.database());
}

}  // namespace sillage
