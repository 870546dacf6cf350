#include "engine/runtime/decide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/assert.hpp"
#include "engine/base/hash.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/outbox/message.hpp"
#include "engine/runtime/columns.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/snapshot_codec.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

bool is_incident(const Error& error) {
    return error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::contract_broken;
}

/// What a step comes to in stored form.
struct Spelt {
    std::string snapshot;
    json::array effects;
};

/// Builds the writes of one request, step by step.
class Decider {
  public:
    Decider(const Loaded& before, const std::string& idempotency_key) : key_(idempotency_key) {
        decision_.receipt.after = before;
    }

    /// Takes a step on. Errors: limit_exceeded: what it would store is too large.
    Result<void> add(const Input& input, Step step) {
        Spelt spelt = spell(step);
        SILLAGE_TRY(check_size(spelt));
        keep(input, std::move(step), std::move(spelt));
        return success();
    }
    /// Runs an event.
    Result<void> run(const Input& input) {
        SILLAGE_TRY(Step next, step(*after().definition, after().snapshot, input));
        return add(input, std::move(next));
    }
    /// Runs what earlier steps queued. `cause` is their input.
    Result<void> drain(const Input& cause);
    /// Writes that the event was undone; not measured, since it has to be told in any case.
    void add_incident(const Input& input, const Error& error);

    Decision take() { return std::move(decision_); }

  private:
    Loaded& after() { return decision_.receipt.after; }
    Spelt spell(const Step& step);
    Result<void> check_size(const Spelt& spelt);
    void keep(const Input& input, Step step, Spelt spelt);
    Entry entry_of(const Input& input, const Step& step, Spelt& spelt);
    std::vector<OutboxRow> messages_of(const InstanceWrite& write, const Step& step);

    Decision decision_;
    std::string key_;
};

Spelt Decider::spell(const Step& step) {
    const Definition& definition = *after().definition;
    Spelt spelt{.snapshot = encode_snapshot(definition, step.after), .effects = {}};
    for (const Effect& effect : step.effects) {
        spelt.effects.push_back(effect_json(definition, effect));
    }
    return spelt;
}

Result<void> Decider::check_size(const Spelt& spelt) {
    if (spelt.snapshot.size() > snapshot_bytes_max) {
        return Error{
            .code = ErrorCode::limit_exceeded,
            .message = fmt::format("The instance would take {} bytes; at most {} are kept.",
                                   spelt.snapshot.size(), snapshot_bytes_max),
            .where = "size_limit"};
    }
    return success();
}

Entry Decider::entry_of(const Input& input, const Step& step, Spelt& spelt) {
    const Definition& definition = *after().definition;
    Entry entry{
        .instance = after().record.id,
        .sequence = step.after.sequence,
        .at = input.now,
        .actor = input.actor,
        .event = input.event.name,
        .origin = input.event.origin,
        .timer = input.event.timer,
        .child = input.event.child,
        .send_id = input.event.send_id,
        .sender = input.event.sender,
        .data = input.event.data,
        .definition_hash = definition.hash,
        .company_revision = after().company_revision,
        .cohort_revision = after().cohort_revision,
        .idempotency_key = std::exchange(key_, {}),
        .from = leaves_of(definition, after().snapshot),
        .to = leaves_of(definition, step.after),
        .effects = std::move(spelt.effects),
        .after_hash = sha256_hex(spelt.snapshot),
        .previous_hash = after().record.head,
    };
    for (const TraceItem& item : step.trace) {
        if (const auto* taken = std::get_if<TakenTransition>(&item)) {
            entry.taken.push_back(taken_json(definition, *taken));
        }
    }
    seal(entry);
    return entry;
}

std::vector<OutboxRow> Decider::messages_of(const InstanceWrite& write, const Step& step) {
    const InstanceRecord& record = write.instance;
    const Entry& entry = write.entry;
    Occurrence occurrence{
        .sequence = entry.sequence,
        .at = entry.at,
        .actor = entry.actor.id,
        .event = entry.event,
        .origin = entry.origin,
        .from = entry.from,
        .to = entry.to,
        .stage_from = after().record.stage,
        .stage_to = record.stage,
        .taken = entry.taken,
        .finished = step.after.done && !after().snapshot.done,
    };
    if (step.after.incident && step.after.incident->sequence == entry.sequence) {
        occurrence.incident = step.after.incident;
    }
    const Subject subject{.instance = record.id,
                          .workflow = record.workflow,
                          .version = record.version,
                          .company = record.company,
                          .cohort = record.cohort,
                          .cluster = record.cluster,
                          .key = record.key};
    std::vector<OutboxRow> rows;
    for (Message& message : sillage::messages_of(subject, occurrence, step.effects)) {
        rows.push_back(OutboxRow{.instance = record.id,
                                 .sequence = entry.sequence,
                                 .ordinal = static_cast<std::uint32_t>(rows.size()),
                                 .type = std::move(message.type),
                                 .payload = std::move(message.payload)});
    }
    return rows;
}

void Decider::keep(const Input& input, Step step, Spelt spelt) {
    Receipt& receipt = decision_.receipt;
    InstanceWrite write{.instance = receipt.after.record,
                        .entry = entry_of(input, step, spelt),
                        .timers = timer_rows(receipt.after.record.id, step.after)};
    set_columns(write.instance, *receipt.after.definition, step.after, input);
    write.instance.snapshot = std::move(spelt.snapshot);
    write.instance.head = write.entry.hash;
    write.outbox = messages_of(write, step);

    for (const TraceItem& item : step.trace) {
        if (const auto* taken = std::get_if<TakenTransition>(&item)) {
            receipt.taken.push_back(*taken);
        }
    }
    std::ranges::move(step.effects, std::back_inserter(receipt.effects));
    receipt.after.snapshot = std::move(step.after);
    receipt.after.record = write.instance;
    decision_.writes.push_back(std::move(write));
}

void Decider::add_incident(const Input& input, const Error& error) {
    Step undone = record_incident(after().snapshot, input, error);
    SILLAGE_ASSERT(undone.after.incident.has_value());
    const Incident& incident = *undone.after.incident;
    Input told = input;
    told.event.name = "$incident";
    told.event.data = json::object{
        {"code", incident.code}, {"message", incident.message}, {"event", incident.event}};
    Spelt spelt = spell(undone);
    keep(told, std::move(undone), std::move(spelt));
}

Result<void> Decider::drain(const Input& cause) {
    for (std::size_t count = 0;; ++count) {
        const std::optional<Input> queued = queued_input(after().snapshot, cause);
        if (!queued) {
            return success();
        }
        if (count == queued_steps_max) {
            return Error{
                .code = ErrorCode::limit_exceeded,
                .message = fmt::format("More than {} sends followed one event.", queued_steps_max),
                .where = "send_limit"};
        }
        const Result<void> stepped = run(*queued);
        if (!stepped && !is_incident(stepped.error())) {
            return stepped.error();
        }
        if (!stepped) {
            add_incident(*queued, stepped.error());
        }
    }
}

}  // namespace

Result<Decision> decide_start(const Loaded& fresh, const Input& input,
                              const std::string& idempotency_key) {
    Decider decider(fresh, idempotency_key);
    SILLAGE_TRY(Step first, start(*fresh.definition, input));
    SILLAGE_TRY(decider.add(input, std::move(first)));
    SILLAGE_TRY(decider.drain(input));
    return decider.take();
}

Result<Decision> decide_event(const Loaded& before, const Input& input,
                              const std::string& idempotency_key) {
    Decider decider(before, idempotency_key);
    Result<void> ran = decider.run(input);
    if (ran) {
        ran = decider.drain(input);
    }
    if (ran) {
        return decider.take();
    }
    if (!is_incident(ran.error())) {
        return std::move(ran).error();
    }
    Decider undone(before, idempotency_key);
    undone.add_incident(input, ran.error());
    Decision decision = undone.take();
    decision.incident = std::move(ran).error();
    return decision;
}

Result<Decision> decide_resolution(const Loaded& before, const Input& input,
                                   std::uint64_t sequence) {
    Decider decider(before, {});
    SILLAGE_TRY(Step resolved, resolve_incident(before.snapshot, input, sequence));
    SILLAGE_TRY(decider.add(input, std::move(resolved)));
    return decider.take();
}

}  // namespace sillage
