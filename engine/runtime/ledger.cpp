#include "engine/runtime/ledger.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/columns.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/snapshot_codec.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// What a step comes to in stored form.
struct Spelt {
    std::string snapshot;
    json::array effects;
};

Spelt spell(const Definition& definition, const Step& step) {
    Spelt spelt{.snapshot = encode_snapshot(definition, step.after), .effects = {}};
    for (const Effect& effect : step.effects) {
        spelt.effects.push_back(effect_json(definition, effect));
    }
    return spelt;
}

Entry entry_of(const Loaded& member, const Input& input, const Step& step, Spelt& spelt) {
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
        .data = input.event.data,
        .definition_hash = definition.hash,
        .company_revision = member.company_revision,
        .cohort_revision = member.cohort_revision,
        .from = leaves_of(definition, member.snapshot),
        .to = leaves_of(definition, step.after),
        .effects = std::move(spelt.effects),
        .after_hash = sha256_hex(spelt.snapshot),
        .previous_hash = member.record->head,
    };
    if (entry.sequence == 1) {
        entry.birth = birth_of(member.record);
    }
    for (const TraceItem& item : step.trace) {
        if (const auto* taken = std::get_if<TakenTransition>(&item)) {
            entry.taken.push_back(taken_json(definition, *taken));
        }
    }
    return entry;
}

InstanceWrite enter(Loaded& member, const Input& input, Step& step, Spelt spelt) {
    InstanceWrite write{.instance = *member.record,
                        .entry = entry_of(member, input, step, spelt),
                        .timers = timer_rows(member.record->id, step.after)};
    set_columns(write.instance, *member.definition, step.after);
    write.instance.snapshot = std::move(spelt.snapshot);
    member.snapshot = std::move(step.after);
    return write;
}

/// The entry is whole: its hash is the instance's new head.
InstanceWrite sealed(InstanceWrite write, Loaded& member, const EntryMark& mark) {
    write.entry.idempotency_key = mark.idempotency_key;
    write.entry.salt = mark.salt;
    seal(write);
    write.instance.head = write.entry.hash;
    member.record = write.instance;
    return write;
}

}  // namespace

Result<InstanceWrite> enter_step(Loaded& member, const Input& input, Step& step,
                                 const EntryMark& mark) {
    Spelt spelt = spell(*member.definition, step);
    if (spelt.snapshot.size() > snapshot_bytes_max) {
        return Error{
            .code = ErrorCode::limit_exceeded,
            .message = fmt::format("The instance would take {} bytes; at most {} are kept.",
                                   spelt.snapshot.size(), snapshot_bytes_max),
            .where = "size_limit"};
    }
    return sealed(enter(member, input, step, std::move(spelt)), member, mark);
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
    Spelt spelt = spell(*member.definition, undone);
    return sealed(enter(member, told, undone, std::move(spelt)), member, mark);
}

InstanceWrite enter_again(Loaded& member, const Input& input, Step& step, const Entry& stored) {
    Spelt spelt = spell(*member.definition, step);
    return sealed(enter(member, input, step, std::move(spelt)), member,
                  {.idempotency_key = stored.idempotency_key, .salt = stored.salt});
}

}  // namespace sillage
