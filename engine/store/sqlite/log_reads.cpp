#include "engine/store/entry_json.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

Result<std::vector<Entry>> entries_of(Use& use) {
    std::vector<Entry> entries;
    while (use.step()) {
        SILLAGE_TRY(Entry entry, entry_from_text(use.text(1), use.text(2)));
        entry.position = use.count(0);
        entry.salt = use.text(3);
        entry.hash = use.text(4);
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace

LogReads::LogReads(SQLite::Database& database)
    : entries_(database,
               "SELECT e.position, e.body, e.payload, e.salt, e.hash FROM history h"
               " JOIN entry e ON e.position = h.position"
               " WHERE h.instance = ?1 AND h.sequence > ?2 ORDER BY h.sequence LIMIT ?3"),
      log_(database,
           "SELECT position, body, payload, salt, hash FROM entry WHERE position > ?1"
           " ORDER BY position LIMIT ?2"),
      waking_(database,
              "SELECT id, wake_due, wake_started, wake_state, wake_timer, sequence, timers"
              " FROM instance WHERE wake_due IS NOT NULL"
              " AND (wake_due, wake_started, wake_state, wake_timer, id) > (?1, ?2, ?3, ?4, ?5)"
              " ORDER BY wake_due, wake_started, wake_state, wake_timer, id LIMIT ?6"),
      last_position_(database, "SELECT max(position) FROM entry") {}

Result<std::vector<Entry>> LogReads::entries(std::string_view instance, std::uint64_t sequence,
                                             std::size_t limit) {
    return guarded([&] {
        Use use(entries_, instance, sequence, std::uint64_t{limit});
        return entries_of(use);
    });
}

Result<std::vector<Entry>> LogReads::log(std::uint64_t position, std::size_t limit) {
    return guarded([&] {
        Use use(log_, position, std::uint64_t{limit});
        return entries_of(use);
    });
}

Result<std::vector<WakingRow>> LogReads::waking_after(const TimerRow& wake, std::size_t limit) {
    const StoredTimer& timer = wake.timer;
    return guarded([&]() -> Result<std::vector<WakingRow>> {
        Use use(waking_, timer.due, timer.started, std::uint64_t{timer.state}, timer.id,
                wake.instance, std::uint64_t{limit});
        std::vector<WakingRow> rows;
        while (use.step()) {
            rows.push_back(
                WakingRow{.wake = {.instance = use.text(0),
                                   .timer = {.id = use.count(4),
                                             .due = Instant{use.integer(1)},
                                             .started = Instant{use.integer(2)},
                                             .state = static_cast<std::uint32_t>(use.integer(3))}},
                          .sequence = use.count(5)});
            SILLAGE_TRY(rows.back().timers, timers_of(use.text(6)));
        }
        return rows;
    });
}

Result<std::uint64_t> LogReads::last_position() {
    return guarded([&]() -> Result<std::uint64_t> {
        Use use(last_position_);
        return use.step() ? use.count(0) : 0;
    });
}

}  // namespace sillage
