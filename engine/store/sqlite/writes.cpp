#include "engine/store/sqlite/writes.hpp"

#include <fmt/format.h>

#include <span>

#include "engine/base/assert.hpp"
#include "engine/base/fault.hpp"
#include "engine/base/json.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/store/registry_line.hpp"
#include "engine/store/search_text.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/positions.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

Error conflict(std::string message) {
    return Error{.code = ErrorCode::conflict, .message = std::move(message)};
}

// Columns that indexes are over are named by those updates alone that change them, for a statement
// that names one writes to its index.
#define SILLAGE_UPDATE_INSTANCE                                                     \
    "UPDATE instance SET sequence = ?2, states = ?3, waiting_for = ?4,"             \
    " next_deadline = ?5, overdue = ?6, done = ?7, updated_at = ?8, snapshot = ?9," \
    " head = ?10, timers = ?11, recent = ?17"
#define SILLAGE_STAGE ", stage = ?12"
#define SILLAGE_WAKE ", wake_due = ?13, wake_started = ?14, wake_state = ?15, wake_timer = ?16"
#define SILLAGE_OF_ROW " WHERE rowid = ?1"

/// What find_instance_ gives of a row that has one.
StoredTimer wake_in(const Use& row) {
    return {.id = row.count(5),
            .due = Instant{row.integer(2)},
            .started = Instant{row.integer(3)},
            .state = static_cast<std::uint32_t>(row.integer(4))};
}

/// The columns of a wake; null for none.
struct Wake {
    explicit Wake(const StoredTimer* first) {
        if (first != nullptr) {
            due = first->due;
            started = first->started;
            state = first->state;
            timer = first->id;
        }
    }

    std::optional<Instant> due = {};
    std::optional<Instant> started = {};
    std::optional<std::uint64_t> state = {};
    std::optional<std::uint64_t> timer = {};
};

}  // namespace

Writes::Writes(SQLite::Database& database, Reads& reads)
    : reads_(reads),
      last_chain_(database, "SELECT chain FROM entry ORDER BY position DESC LIMIT 1"),
      insert_entry_(database,
                    "INSERT INTO entry (position, body, payload, salt, hash, chain)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      insert_instance_(database,
                       "INSERT INTO instance (id, version, sequence, stage, states, waiting_for,"
                       " next_deadline, overdue, done, updated_at, snapshot, head, workflow,"
                       " company, cohort, cluster, key, started_at, parent, invoke, serial,"
                       " ancestors, fragment, document, timers, wake_due, wake_started, wake_state,"
                       " wake_timer, recent)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
                       " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28,"
                       " ?29, ?30)"),
      find_instance_(database,
                     "SELECT rowid, stage, wake_due, wake_started, wake_state, wake_timer, recent"
                     " FROM instance WHERE id = ?1"),
      update_instance_(database, SILLAGE_UPDATE_INSTANCE SILLAGE_OF_ROW),
      update_stage_(database, SILLAGE_UPDATE_INSTANCE SILLAGE_STAGE SILLAGE_OF_ROW),
      update_wake_(database, SILLAGE_UPDATE_INSTANCE SILLAGE_WAKE SILLAGE_OF_ROW),
      update_stage_and_wake_(database,
                             SILLAGE_UPDATE_INSTANCE SILLAGE_STAGE SILLAGE_WAKE SILLAGE_OF_ROW),
      correct_wake_(database,
                    "UPDATE instance SET wake_due = ?3, wake_started = ?4, wake_state = ?5,"
                    " wake_timer = ?6 WHERE id = ?1 AND sequence = ?2"),
      insert_history_(database,
                      "INSERT INTO history (instance, sequence, positions) VALUES (?1, ?2, ?3)"),
      insert_definition_(database,
                         "INSERT INTO definition (name, version, hash, source, published_at)"
                         " VALUES (?1, ?2, ?3, ?4, ?5)"),
      supersede_record_(database,
                        "UPDATE record SET latest = 0"
                        " WHERE kind = ?1 AND id = ?2 AND revision = ?3 - 1 AND latest = 1"),
      insert_record_(database,
                     "INSERT INTO record"
                     " (kind, id, revision, latest, cluster, lookup, search, body, at,"
                     " change, chain)"
                     " VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      last_change_(database, "SELECT change, chain FROM record ORDER BY change DESC LIMIT 1"),
      put_answer_(database,
                  "INSERT OR REPLACE INTO answer"
                  " (scope, key, request_hash, status, headers, body, at)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      prune_answers_(database,
                     "DELETE FROM answer WHERE rowid IN"
                     " (SELECT rowid FROM answer WHERE at < ?1 ORDER BY at LIMIT ?2)"),
      put_setting_(database, "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)") {
    if (is_broken(Breakage::payload_after_commit)) {
        late_payload_.emplace(database, "UPDATE entry SET payload = ?2 WHERE position = ?1");
    }
}

Result<std::string> Writes::chain() {
    if (!chain_) {
        Use use(last_chain_);
        chain_ = use.step() ? use.text(0) : std::string();
    }
    return *chain_;
}

Result<void> Writes::append(const InstanceWrite& write) {
    const Entry& entry = write.entry;
    SILLAGE_ASSERT(!write.body.empty() && !write.payload.empty());
    const std::string left_out;
    const std::string& payload = late_payload_ ? left_out : write.payload;
    return guarded([&]() -> Result<void> {
        SILLAGE_TRY(const std::string before, chain());
        chain_ = chain_hash(before, entry.hash);
        Use(insert_entry_, entry.position, write.body, payload, entry.salt, entry.hash, *chain_)
            .run();
        appended_ = LogHead{.position = entry.position, .chain = *chain_};
        return success();
    });
}

Result<void> Writes::project(const Pending& pending) {
    return guarded([&]() -> Result<void> {
        if (late_payload_) {
            for (const WritePointer& write : pending) {
                Use(*late_payload_, write->entry.position, write->payload).run();
            }
        }
        if (pending.front()->entry.sequence > 1) {
            return update_instance(pending);
        }
        insert_instance(pending);
        return success();
    });
}

std::string Writes::recent_after(std::vector<std::uint64_t> positions, const Pending& pending) {
    std::uint64_t first = pending.front()->entry.sequence - positions.size();
    for (const WritePointer& write : pending) {
        positions.push_back(write->entry.position);
    }
    std::span<const std::uint64_t> recent = positions;
    for (; recent.size() > positions_per_block; first += positions_per_block) {
        const std::string block = position_list(recent.first(positions_per_block));
        Use(insert_history_, pending.front()->entry.instance, first, block).run();
        crash_point(CrashPoint::mid_slice);
        recent = recent.subspan(positions_per_block);
    }
    return position_list(recent);
}

void Writes::insert_instance(const Pending& pending) {
    const InstanceWrite& write = *pending.back();
    const InstanceRecord& i = write.instance;
    const std::string states = text_list(i.states);
    const std::string waiting_for = text_list(i.waiting_for);
    const ParentLink parent = i.parent.value_or(ParentLink{});
    const std::string ancestors = text_list(i.ancestors);
    const std::string timers = timer_list(write.timers);
    const std::string recent = recent_after({}, pending);
    const Wake wake(first_of(write.timers));
    Use(insert_instance_, i.id, i.version, i.sequence, i.stage, states, waiting_for,
        i.next_deadline, i.overdue, i.done, i.updated_at, i.snapshot, i.head, i.workflow, i.company,
        i.cohort, i.cluster, i.key, i.started_at, parent.instance, parent.invoke_id, parent.serial,
        ancestors, i.fragment, i.document, timers, wake.due, wake.started, wake.state, wake.timer,
        recent)
        .run();
    crash_point(CrashPoint::mid_slice);
}

/// What of a row decides how it is updated.
struct Writes::Row {
    std::int64_t number = 0;
    bool stage_differs = false;
    bool wakes_earlier = false;
    std::vector<std::uint64_t> recent = {};
};

Result<Writes::Row> Writes::row_before(const InstanceWrite& write) {
    const StoredTimer* const first = first_of(write.timers);
    Use found(find_instance_, write.instance->id);
    if (!found.step()) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("The row of {} is missing.", write.instance->id)};
    }
    Row row{.number = found.integer(0),
            .stage_differs = found.text(1) != write.instance->stage,
            .wakes_earlier =
                first != nullptr && (found.is_null(2) || fires_before(*first, wake_in(found)))};
    SILLAGE_TRY(row.recent, positions_of(found.text(6)));
    return row;
}

Result<void> Writes::update_instance(const Pending& pending) {
    const InstanceWrite& write = *pending.back();
    const InstanceRecord& i = write.instance;
    SILLAGE_TRY(Row row, row_before(write));
    SQLite::Statement& statement = row.stage_differs && row.wakes_earlier ? update_stage_and_wake_
                                   : row.stage_differs                    ? update_stage_
                                   : row.wakes_earlier                    ? update_wake_
                                                                          : update_instance_;
    const std::string states = text_list(i.states);
    const std::string waiting_for = text_list(i.waiting_for);
    const std::string timers = timer_list(write.timers);
    const std::string recent = recent_after(std::move(row.recent), pending);
    Use update(statement, row.number, i.sequence, states, waiting_for, i.next_deadline, i.overdue,
               i.done, i.updated_at, i.snapshot, i.head, timers);
    if (row.stage_differs) {
        update.set(12, i.stage);
    }
    if (row.wakes_earlier) {
        const Wake wake(first_of(write.timers));
        update.set(13, wake.due);
        update.set(14, wake.started);
        update.set(15, wake.state);
        update.set(16, wake.timer);
    }
    update.set(17, recent);
    update.run();
    crash_point(CrashPoint::mid_slice);
    return success();
}

Result<void> Writes::correct(const WakeCorrection& correction) {
    const Wake wake(correction.first ? &*correction.first : nullptr);
    return guarded([&]() -> Result<void> {
        Use(correct_wake_, correction.instance, correction.sequence, wake.due, wake.started,
            wake.state, wake.timer)
            .run();
        return success();
    });
}

Result<void> Writes::put(const DefinitionRecord& definition) {
    return guarded([&]() -> Result<void> {
        Use(insert_definition_, definition.name, definition.version, definition.hash,
            definition.source, definition.published_at)
            .run();
        return success();
    });
}

Result<void> Writes::put(const Record& record) {
    const int kind = static_cast<int>(record.kind);
    return guarded([&]() -> Result<void> {
        SILLAGE_TRY(const auto taken, reads_.registry.record_by_lookup(record.kind, record.lookup));
        if (taken && taken->id != record.id) {
            return conflict(fmt::format("What {} is found by is taken.", record.id));
        }
        const int superseded = Use(supersede_record_, kind, record.id, record.revision).run();
        if (superseded != (record.revision == 1 ? 0 : 1)) {
            return conflict(
                fmt::format("{} is not at revision {}.", record.id, record.revision - 1));
        }
        insert_record(record);
        return success();
    });
}

void Writes::insert_record(const Record& record) {
    RegistryLine line{.change = 1,
                      .kind = record.kind,
                      .id = record.id,
                      .revision = record.revision,
                      .cluster = record.cluster,
                      .lookup = record.lookup,
                      .body = to_json_text(record.body),
                      .at = record.at};
    std::string before;
    {
        Use last(last_change_);
        if (last.step()) {
            line.change = last.count(0) + 1;
            before = last.text(1);
        }
    }
    line.chain = chain_hash(before, registry_hash(line));
    const std::string search = search_text(record);
    Use(insert_record_, static_cast<int>(line.kind), line.id, line.revision, line.cluster,
        line.lookup, search, line.body, line.at, line.change, line.chain)
        .run();
    const std::string end = fmt::format("{} {}", line.change, line.chain);
    Use(put_setting_, registry_end_setting, end).run();
}

Result<void> Writes::put(const StoredAnswer& answer) {
    const std::string headers = pair_list(answer.headers);
    return guarded([&]() -> Result<void> {
        Use(put_answer_, answer.scope, answer.key, answer.request_hash, answer.status, headers,
            answer.body, answer.at)
            .run();
        return success();
    });
}

Result<void> Writes::prune_answers(Instant before, std::size_t limit) {
    return guarded([&]() -> Result<void> {
        Use(prune_answers_, before, std::uint64_t{limit}).run();
        return success();
    });
}

Result<void> Writes::set(std::string_view setting, std::string_view value) {
    return guarded([&]() -> Result<void> {
        Use(put_setting_, setting, value).run();
        return success();
    });
}

}  // namespace sillage
