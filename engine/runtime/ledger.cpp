#include "engine/runtime/ledger.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"
#include "engine/base/json.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/columns.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/store/entry_json.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// What a step comes to in stored form, and what does not follow from it.
struct Spelt {
    std::string snapshot;
    std::string payload;
    EntryMark mark;
};

Spelt spell(const Definition& definition, const Input& input, const Step& step,
            const EntryMark& mark) {
    JsonScratch scratch;
    const json::storage_ptr memory = scratch.memory();
    json::array taken(memory);
    for (const TraceItem& item : step.trace) {
        if (const auto* transition = std::get_if<TakenTransition>(&item)) {
            taken.push_back(taken_json(definition, *transition, memory));
        }
    }
    json::array effects(memory);
    for (const Effect& effect : step.effects) {
        effects.push_back(effect_json(definition, effect, memory));
    }
    return {.snapshot = encode_snapshot(definition, step.after),
            .payload = payload_text(input.event.data, std::move(taken), std::move(effects)),
            .mark = mark};
}

/// All but what the payload has.
Entry entry_of(const Loaded& member, const Input& input, const Step& step,
               const std::string& snapshot) {
    const Definition& definition = *member.definition;
    Entry entry{
        .instance = member.record->id,
        .sequence = step.after.sequence,
        .at = input.now,
        .actor = input.actor,
        .event = input.event.name.text(),
        .origin = input.event.origin,
        .timer = input.event.timer,
        .child = input.event.child,
        .send_id = input.event.send_id,
        .sender = input.event.sender,
        .definition_hash = definition.hash,
        .company_revision = member.company_revision,
        .cohort_revision = member.cohort_revision,
        .from = leaves_of(definition, member.snapshot),
        .to = leaves_of(definition, step.after),
        .after_hash = sha256_hex(snapshot),
        .previous_hash = member.record->head,
    };
    if (entry.sequence == 1) {
        entry.birth = birth_of(member.record);
    }
    return entry;
}

/// The entry is whole, and its hash the instance's new head.
InstanceWrite enter(Loaded& member, const Input& input, Step& step, Spelt spelt) {
    InstanceWrite write{.entry = entry_of(member, input, step, spelt.snapshot),
                        .payload = std::move(spelt.payload),
                        .timers = stored_timers(step.after)};
    write.entry.idempotency_key = std::move(spelt.mark.idempotency_key);
    write.entry.salt = std::move(spelt.mark.salt);
    write.entry.trace = std::move(spelt.mark.trace);
    seal(write);
    member.record.update([&](InstanceRecord& record) {
        set_columns(record, *member.definition, step.after);
        record.snapshot = std::move(spelt.snapshot);
        record.head = write.entry.hash;
    });
    member.snapshot = std::move(step.after);
    write.instance = member.record;
    return write;
}

}  // namespace

Result<InstanceWrite> enter_step(Loaded& member, const Input& input, Step& step,
                                 const EntryMark& mark) {
    Spelt spelt = spell(*member.definition, input, step, mark);
    if (spelt.snapshot.size() > snapshot_bytes_max) {
        return Error{
            .code = ErrorCode::limit_exceeded,
            .message = fmt::format("The instance would take {} bytes; at most {} are kept.",
                                   spelt.snapshot.size(), snapshot_bytes_max),
            .where = "size_limit"};
    }
    return enter(member, input, step, std::move(spelt));
}

InstanceWrite enter_incident(Loaded& member, const Input& input, const Error& error,
                             const EntryMark& mark) {
    Step undone = record_incident(member.snapshot, input, error);
    SILLAGE_ASSERT(undone.after.incident.has_value());
    const Incident& incident = *undone.after.incident;
    Input told = input;
    told.event.name = "$incident";
    told.event.data = json::object{
        {"code", incident.code}, {"message", incident.message}, {"event", incident.event}};
    return enter(member, told, undone, spell(*member.definition, told, undone, mark));
}

InstanceWrite enter_again(Loaded& member, const Input& input, Step& step, const Entry& stored) {
    return enter(member, input, step,
                 spell(*member.definition, input, step,
                       {.idempotency_key = stored.idempotency_key,
                        .salt = stored.salt,
                        .trace = stored.trace}));
}

}  // namespace sillage
