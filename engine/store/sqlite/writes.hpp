#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/sqlite/log_head.hpp"
#include "engine/store/sqlite/overlay.hpp"
#include "engine/store/sqlite/reads.hpp"

namespace sillage {

/// The setting that says up to which position of the log the tables have everything.
inline constexpr std::string_view projected_setting = "projected";

/// The setting that says which change of the registry is the last: its number, a blank, the chain.
inline constexpr std::string_view registry_end_setting = "registry_end";
/// The setting that says how many revisions were there before changes were counted.
inline constexpr std::string_view registry_uncounted_setting = "registry_uncounted";

/// What a Transaction changes, over the writing connection, with its prepared statements.
class Writes {
  public:
    /// Prepares everything. `reads` is the same connection's. Throws SQLite::Exception.
    Writes(SQLite::Database& database, Reads& reads);

    /// The write's line of the log, at its position.
    [[nodiscard]] Result<void> append(const InstanceWrite& write);
    /// Brings the tables up to what was written of an instance, oldest first.
    [[nodiscard]] Result<void> project(const Pending& pending);
    /// Puts a wake right, unless the row is another than the correction was made for.
    [[nodiscard]] Result<void> correct(const WakeCorrection& correction);
    [[nodiscard]] Result<void> put(const DefinitionRecord& definition);
    [[nodiscard]] Result<void> put(const Record& record);
    [[nodiscard]] Result<void> put(const StoredAnswer& answer);
    [[nodiscard]] Result<void> prune_answers(Instant before, std::size_t limit);
    [[nodiscard]] Result<void> set(std::string_view setting, std::string_view value);
    /// What was appended was rolled back.
    void forget_appended() {
        chain_.reset();
        appended_.reset();
    }
    /// The last entry appended since the last call.
    [[nodiscard]] std::optional<LogHead> take_appended() {
        return std::exchange(appended_, std::nullopt);
    }

  private:
    /// The chain's hash up to the last entry.
    Result<std::string> chain();
    struct Row;
    Result<Row> row_before(const InstanceWrite& write);
    /// The positions in an instance's row, after those that were in it; full blocks go to history.
    std::string recent_after(std::vector<std::uint64_t> positions, const Pending& pending);
    void insert_instance(const Pending& pending);
    Result<void> update_instance(const Pending& pending);
    /// Writes the row and moves the registry's end.
    void insert_record(const Record& record);

    Reads& reads_;
    std::optional<std::string> chain_;
    std::optional<LogHead> appended_;
    SQLite::Statement last_chain_;
    SQLite::Statement insert_entry_;
    SQLite::Statement insert_instance_;
    SQLite::Statement find_instance_;
    /// With the columns that they are named for, that indexes are over.
    SQLite::Statement update_instance_;
    SQLite::Statement update_stage_;
    SQLite::Statement update_wake_;
    SQLite::Statement update_stage_and_wake_;
    SQLite::Statement correct_wake_;
    SQLite::Statement insert_history_;
    SQLite::Statement insert_definition_;
    SQLite::Statement supersede_record_;
    SQLite::Statement insert_record_;
    SQLite::Statement last_change_;
    SQLite::Statement put_answer_;
    SQLite::Statement prune_answers_;
    SQLite::Statement put_setting_;
    /// Of a program with that fault: what its appends leave out.
    std::optional<SQLite::Statement> late_payload_;
};

}  // namespace sillage
