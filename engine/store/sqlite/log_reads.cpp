#include "engine/store/entry_json.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/reads.hpp"

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

std::vector<TimerRow> timers_of(Use& use) {
    std::vector<TimerRow> rows;
    while (use.step()) {
        rows.push_back(TimerRow{.instance = use.text(0),
                                .id = use.count(1),
                                .due = Instant{use.integer(2)},
                                .started = Instant{use.integer(3)},
                                .state = static_cast<std::uint32_t>(use.integer(4))});
    }
    return rows;
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
      timers_(database,
              "SELECT instance, id, due, started, state FROM timer WHERE instance = ?1"
              " ORDER BY id"),
      due_(database,
           "SELECT instance, id, due, started, state FROM timer WHERE due <= ?1"
           " ORDER BY due, started, state, id, instance LIMIT ?2"),
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

Result<std::vector<TimerRow>> LogReads::timers(std::string_view instance) {
    return guarded([&]() -> Result<std::vector<TimerRow>> {
        Use use(timers_, instance);
        return timers_of(use);
    });
}

Result<std::vector<TimerRow>> LogReads::due_timers(Instant until, std::size_t limit) {
    return guarded([&]() -> Result<std::vector<TimerRow>> {
        Use use(due_, until, std::uint64_t{limit});
        return timers_of(use);
    });
}

Result<std::uint64_t> LogReads::last_position() {
    return guarded([&]() -> Result<std::uint64_t> {
        Use use(last_position_);
        return use.step() ? use.count(0) : 0;
    });
}

}  // namespace sillage
