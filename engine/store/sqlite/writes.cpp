#include "engine/store/sqlite/writes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/assert.hpp"
#include "engine/base/fault.hpp"
#include "engine/base/json.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/store/search_text.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

Error conflict(std::string message) {
    return Error{.code = ErrorCode::conflict, .message = std::move(message)};
}

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
                       " ancestors, fragment, document)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
                       " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"),
      update_instance_(
          database,
          "UPDATE instance SET sequence = ?2, states = ?3, waiting_for = ?4,"
          " next_deadline = ?5, overdue = ?6, done = ?7, updated_at = ?8, snapshot = ?9,"
          " head = ?10 WHERE id = ?1"),
      update_stage_(database, "UPDATE instance SET stage = ?2 WHERE id = ?1 AND stage <> ?2"),
      insert_history_(database,
                      "INSERT INTO history (instance, sequence, position) VALUES (?1, ?2, ?3)"),
      insert_timer_(database,
                    "INSERT INTO timer (instance, id, due, started, state)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)"),
      delete_timer_(database, "DELETE FROM timer WHERE instance = ?1 AND id = ?2"),
      insert_definition_(database,
                         "INSERT INTO definition (name, version, hash, source, published_at)"
                         " VALUES (?1, ?2, ?3, ?4, ?5)"),
      supersede_record_(database,
                        "UPDATE record SET latest = 0"
                        " WHERE kind = ?1 AND id = ?2 AND revision = ?3 - 1 AND latest = 1"),
      insert_record_(database,
                     "INSERT INTO record"
                     " (kind, id, revision, latest, cluster, lookup, search, body, at)"
                     " VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8)"),
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
        return success();
    });
}

Result<void> Writes::project(const Pending& pending) {
    return guarded([&]() -> Result<void> {
        put_instance(pending.back()->instance, pending.front()->entry.sequence == 1);
        for (const WritePointer& write : pending) {
            const Entry& entry = write->entry;
            Use(insert_history_, entry.instance, entry.sequence, entry.position).run();
            crash_point(CrashPoint::mid_slice);
            if (late_payload_) {
                Use(*late_payload_, entry.position, write->payload).run();
            }
        }
        return replace_timers(pending.back()->instance->id, pending.back()->timers);
    });
}

void Writes::put_instance(const InstanceRecord& i, bool is_new) {
    const std::string states = text_list(i.states);
    const std::string waiting_for = text_list(i.waiting_for);
    if (!is_new) {
        Use(update_instance_, i.id, i.sequence, states, waiting_for, i.next_deadline, i.overdue,
            i.done, i.updated_at, i.snapshot, i.head)
            .run();
        Use(update_stage_, i.id, i.stage).run();  // seldom: its index is left alone
        return;
    }
    const ParentLink parent = i.parent.value_or(ParentLink{});
    const std::string ancestors = text_list(i.ancestors);
    Use(insert_instance_, i.id, i.version, i.sequence, i.stage, states, waiting_for,
        i.next_deadline, i.overdue, i.done, i.updated_at, i.snapshot, i.head, i.workflow, i.company,
        i.cohort, i.cluster, i.key, i.started_at, parent.instance, parent.invoke_id, parent.serial,
        ancestors, i.fragment, i.document)
        .run();
}

Result<void> Writes::replace_timers(const std::string& instance,
                                    const std::vector<TimerRow>& timers) {
    SILLAGE_TRY(const std::vector<TimerRow> before, reads_.log.timers(instance));
    // Most steps leave most timers alone, so only what differs is written.
    for (const TimerRow& row : before) {
        if (std::ranges::find(timers, row) == timers.end()) {
            Use(delete_timer_, instance, row.id).run();
        }
    }
    for (const TimerRow& row : timers) {
        if (std::ranges::find(before, row) == before.end()) {
            Use(insert_timer_, instance, row.id, row.due, row.started, std::uint64_t{row.state})
                .run();
        }
    }
    return success();
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
    const std::string search = search_text(record);
    const std::string body = to_json_text(record.body);
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
        Use(insert_record_, kind, record.id, record.revision, record.cluster, record.lookup, search,
            body, record.at)
            .run();
        return success();
    });
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
