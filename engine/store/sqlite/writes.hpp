#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string_view>
#include <vector>

#include "engine/store/sqlite/reads.hpp"

namespace sillage {

/// What a Transaction changes, over the writing connection, with its prepared statements.
class Writes {
  public:
    /// Prepares everything. `reads` is the same connection's. Throws SQLite::Exception.
    Writes(SQLite::Database& database, Reads& reads);

    [[nodiscard]] Result<void> append(const InstanceWrite& write);
    [[nodiscard]] Result<void> put(const DefinitionRecord& definition);
    [[nodiscard]] Result<void> put(const Record& record);
    [[nodiscard]] Result<void> put(const StoredAnswer& answer);
    [[nodiscard]] Result<void> prune_answers(Instant before, std::size_t limit);
    [[nodiscard]] Result<void> set(std::string_view setting, std::string_view value);

  private:
    Result<void> put_instance(const InstanceRecord& instance);
    Result<void> replace_timers(const std::string& instance, const std::vector<TimerRow>& timers);

    Reads& reads_;
    SQLite::Statement insert_instance_;
    SQLite::Statement update_instance_;
    SQLite::Statement insert_entry_;
    SQLite::Statement insert_timer_;
    SQLite::Statement delete_timer_;
    SQLite::Statement insert_message_;
    SQLite::Statement insert_definition_;
    SQLite::Statement supersede_record_;
    SQLite::Statement insert_record_;
    SQLite::Statement put_answer_;
    SQLite::Statement prune_answers_;
    SQLite::Statement put_setting_;
};

}  // namespace sillage
