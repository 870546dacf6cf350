#include <fmt/format.h>

#include <algorithm>

#include "engine/store/entry_json.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/positions.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

Result<Entry> entry_in(const Use& row) {
    SILLAGE_TRY(Entry entry, entry_from_text(row.text(1), row.text(2)));
    entry.position = row.count(0);
    entry.salt = row.text(3);
    entry.hash = row.text(4);
    return entry;
}

}  // namespace

LogReads::LogReads(SQLite::Database& database)
    : recent_(database, "SELECT sequence, recent FROM instance WHERE id = ?1"),
      blocks_(database,
              "SELECT sequence, positions FROM history WHERE instance = ?1 AND sequence > ?2"
              " ORDER BY sequence LIMIT ?3"),
      entry_(database, "SELECT position, body, payload, salt, hash FROM entry WHERE position = ?1"),
      log_(database,
           "SELECT position, body, payload, salt, hash FROM entry WHERE position > ?1"
           " ORDER BY position LIMIT ?2"),
      waking_(database,
              "SELECT id, wake_due, wake_started, wake_state, wake_timer, sequence, timers"
              " FROM instance WHERE wake_due IS NOT NULL"
              " AND (wake_due, wake_started, wake_state, wake_timer, id) > (?1, ?2, ?3, ?4, ?5)"
              " ORDER BY wake_due, wake_started, wake_state, wake_timer, id LIMIT ?6"),
      last_position_(database, "SELECT max(position) FROM entry") {}

Result<std::vector<std::uint64_t>> LogReads::positions(std::string_view instance,
                                                       std::uint64_t sequence, std::size_t limit) {
    std::vector<std::uint64_t> found;
    const auto take = [&](std::uint64_t first, const std::vector<std::uint64_t>& positions) {
        for (std::size_t i = 0; i < positions.size(); ++i) {
            if (first + i == sequence + found.size() + 1) {
                found.push_back(positions[i]);
            }
        }
    };
    Use row(recent_, instance);
    if (!row.step()) {
        return found;
    }
    SILLAGE_TRY(const auto recent, positions_of(row.text(1)));
    const std::uint64_t first_recent = row.count(0) + 1 - recent.size();
    if (sequence + 1 < first_recent) {
        // The block that has the first of them begins less than a block's length before it.
        const std::int64_t before = static_cast<std::int64_t>(sequence + 1) -
                                    static_cast<std::int64_t>(positions_per_block);
        Use blocks(blocks_, instance, before, std::uint64_t{limit / positions_per_block + 2});
        while (blocks.step()) {
            SILLAGE_TRY(const auto block, positions_of(blocks.text(1)));
            take(blocks.count(0), block);
        }
    }
    take(first_recent, recent);
    return found;
}

Result<std::vector<Entry>> LogReads::entries(std::string_view instance, std::uint64_t sequence,
                                             std::size_t limit) {
    return guarded([&]() -> Result<std::vector<Entry>> {
        SILLAGE_TRY(const auto places, positions(instance, sequence, limit));
        std::vector<Entry> entries;
        for (std::size_t i = 0; i < std::min(places.size(), limit); ++i) {
            Use use(entry_, places[i]);
            if (!use.step()) {
                return Error{.code = ErrorCode::corrupt,
                             .message = fmt::format("The log has no entry {}.", places[i])};
            }
            SILLAGE_TRY(Entry entry, entry_in(use));
            if (entry.instance != instance || entry.sequence != sequence + i + 1) {
                return Error{.code = ErrorCode::corrupt,
                             .message = fmt::format("Entry {} of the log is not entry {} of {}.",
                                                    places[i], sequence + i + 1, instance)};
            }
            entries.push_back(std::move(entry));
        }
        return entries;
    });
}

Result<std::vector<Entry>> LogReads::log(std::uint64_t position, std::size_t limit) {
    return guarded([&]() -> Result<std::vector<Entry>> {
        Use use(log_, position, std::uint64_t{limit});
        std::vector<Entry> entries;
        while (use.step()) {
            SILLAGE_TRY(Entry entry, entry_in(use));
            entries.push_back(std::move(entry));
        }
        return entries;
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
