#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string_view>
#include <vector>

#include "engine/store/sqlite/timer_window.hpp"
#include "engine/store/store.hpp"

namespace sillage {

// The look-ups of ReadView over one connection, with its prepared statements. What they give is as
// consistent as the transaction that the connection is in. Constructors prepare everything and
// throw SQLite::Exception.

class InstanceReads {
  public:
    explicit InstanceReads(SQLite::Database& database);

    [[nodiscard]] Result<std::optional<InstanceRecord>> one(std::string_view id);
    /// Of the last entry that the table knows; 0 for an unknown instance.
    [[nodiscard]] Result<std::uint64_t> sequence(std::string_view id);
    [[nodiscard]] Result<std::optional<InstanceRecord>> by_key(std::string_view workflow,
                                                               std::string_view key);
    [[nodiscard]] Result<std::optional<InstanceRecord>> child(std::string_view parent,
                                                              std::uint64_t serial);
    [[nodiscard]] Result<std::vector<InstanceRecord>> list(const InstanceFilter& filter);

  private:
    SQLite::Statement one_;
    SQLite::Statement sequence_;
    SQLite::Statement by_key_;
    SQLite::Statement child_;
    /// The same list, found by one of its columns.
    SQLite::Statement all_;
    SQLite::Statement of_cohort_;
    SQLite::Statement of_company_;
    SQLite::Statement of_cluster_;
    SQLite::Statement of_stage_;
    SQLite::Statement of_parent_;
    SQLite::Statement of_key_;
};

/// What steps leave behind: entries and timers.
class LogReads {
  public:
    explicit LogReads(SQLite::Database& database);

    [[nodiscard]] Result<std::vector<Entry>> entries(std::string_view instance,
                                                     std::uint64_t sequence, std::size_t limit);
    [[nodiscard]] Result<std::vector<Entry>> log(std::uint64_t position, std::size_t limit);
    /// Rows of instances whose wake comes after that one, in order.
    [[nodiscard]] Result<std::vector<WakingRow>> waking_after(const TimerRow& wake,
                                                              std::size_t limit);
    /// 0 when there is none.
    [[nodiscard]] Result<std::uint64_t> last_position();

  private:
    /// Positions of an instance's entries after `sequence`, at least `limit` if there are so many.
    Result<std::vector<std::uint64_t>> positions(std::string_view instance, std::uint64_t sequence,
                                                 std::size_t limit);

    SQLite::Statement recent_;
    SQLite::Statement blocks_;
    SQLite::Statement entry_;
    SQLite::Statement log_;
    SQLite::Statement waking_;
    SQLite::Statement last_position_;
};

/// Definitions, records, answers, settings.
class RegistryReads {
  public:
    explicit RegistryReads(SQLite::Database& database);

    [[nodiscard]] Result<std::optional<DefinitionRecord>> definition(
        std::string_view name, std::optional<std::int64_t> version);
    [[nodiscard]] Result<std::vector<DefinitionRecord>> definitions(std::string_view after,
                                                                    std::size_t limit);
    [[nodiscard]] Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                                       std::optional<std::uint64_t> revision);
    [[nodiscard]] Result<std::optional<Record>> record_by_lookup(RecordKind kind,
                                                                 std::string_view lookup);
    [[nodiscard]] Result<std::vector<Record>> records(const RecordFilter& filter);
    [[nodiscard]] Result<std::optional<StoredAnswer>> answer(std::string_view scope,
                                                             std::string_view key);
    [[nodiscard]] Result<std::optional<std::string>> setting(std::string_view name);

  private:
    SQLite::Statement definition_;
    SQLite::Statement latest_definition_;
    SQLite::Statement definitions_;
    SQLite::Statement record_;
    SQLite::Statement latest_record_;
    SQLite::Statement record_by_lookup_;
    SQLite::Statement records_;
    SQLite::Statement answer_;
    SQLite::Statement setting_;
};

struct Reads {
    explicit Reads(SQLite::Database& database)
        : instances(database), log(database), registry(database) {}

    InstanceReads instances;
    LogReads log;
    RegistryReads registry;
};

}  // namespace sillage
