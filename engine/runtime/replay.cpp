#include <fmt/format.h>

#include "engine/base/hash.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/ledger.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/runtime/subject.hpp"

namespace sillage {
namespace {

/// Entries read at a time, so that a long log is never held whole.
constexpr std::size_t entries_at_a_time = 256;
/// Instances that a start keeps decoded while it restores; more are decoded again.
constexpr std::size_t restored_members_max = 2'000;

Error corrupt(const Entry& entry, std::string_view fault) {
    return Error{
        .code = ErrorCode::corrupt,
        .message = fmt::format("Entry {} of {} {}.", entry.sequence, entry.instance, fault)};
}

/// Folds one instance's entries, in order.
class Fold {
  public:
    /// From before the first entry, or from a later one on. `member` is what the fold leaves there.
    Fold(ReadView& view, Loaded& member) : view_(view), member_(member) {}

    /// The step that the entry tells of, and what it is a step of.
    /// Errors: corrupt: the entry does not follow from those before it.
    Result<std::pair<Input, Step>> step_over(const Entry& entry);
    /// The same, and the member is then as the step leaves it.
    Result<Step> take(const Entry& entry);
    /// The same, as the write that it was.
    Result<InstanceWrite> restore(const Entry& entry);

  private:
    Result<Input> input_of(const Entry& entry);
    Result<boost::json::object> record_at(RecordKind kind, const std::string& id,
                                          std::uint64_t revision);
    Result<Step> step_of(const Entry& entry, const Input& input);

    ReadView& view_;
    Loaded& member_;
};

Result<boost::json::object> Fold::record_at(RecordKind kind, const std::string& id,
                                            std::uint64_t revision) {
    if (revision == 0) {
        return boost::json::object();
    }
    SILLAGE_TRY(const auto found, view_.record(kind, id, revision));
    if (!found) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("Revision {} of {} is missing.", revision, id)};
    }
    return with_id(*found);
}

Result<Input> Fold::input_of(const Entry& entry) {
    Input input{.event = {.name = entry.event,
                          .data = entry.data,
                          .origin = entry.origin,
                          .timer = entry.timer,
                          .child = entry.child,
                          .send_id = entry.send_id,
                          .sender = entry.sender},
                .actor = entry.actor,
                .now = entry.at,
                .instance = member_.record->id,
                .parent = member_.record->parent};
    SILLAGE_TRY(input.company,
                record_at(RecordKind::company, member_.record->company, entry.company_revision));
    SILLAGE_TRY(input.cohort,
                record_at(RecordKind::cohort, member_.record->cohort, entry.cohort_revision));
    return input;
}

/// The incident that an entry tells of, as the error it was written for.
Result<Step> step_of_incident(const Snapshot& before, Input input) {
    const boost::json::value data = std::move(input.event.data);
    const auto text = [&](std::string_view name) {
        const boost::json::value* found =
            data.is_object() ? data.get_object().if_contains(name) : nullptr;
        return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                      : std::string();
    };
    const std::string code = text("code");
    input.event.name = text("event");
    input.event.data = nullptr;
    return record_incident(
        before, input,
        Error{.code = code == name_of(ErrorCode::contract_broken) ? ErrorCode::contract_broken
                                                                  : ErrorCode::limit_exceeded,
              .message = text("message"),
              .where = code});
}

Result<Step> Fold::step_of(const Entry& entry, const Input& input) {
    if (entry.event == "$start") {
        return start(*member_.definition, input);
    }
    if (entry.event == "$incident") {
        return step_of_incident(member_.snapshot, input);
    }
    if (entry.event == "$resolve") {
        const boost::json::value* sequence =
            entry.data.is_object() ? entry.data.get_object().if_contains("sequence") : nullptr;
        if (sequence == nullptr || !sequence->is_int64()) {
            return corrupt(entry, "names no incident");
        }
        return resolve_incident(member_.snapshot, input,
                                static_cast<std::uint64_t>(sequence->get_int64()));
    }
    return step(*member_.definition, member_.snapshot, input);
}

Result<std::pair<Input, Step>> Fold::step_over(const Entry& entry) {
    const Definition& definition = *member_.definition;
    if (entry.sequence != member_.snapshot.sequence + 1 ||
        entry.previous_hash != member_.record->head) {
        return corrupt(entry, "does not follow the one before it");
    }
    if (!is_sealed(entry)) {
        return corrupt(entry, "does not have the hash of its content");
    }
    if (entry.definition_hash != definition.hash) {
        return corrupt(entry, "was decided by another definition");
    }
    SILLAGE_TRY(Input input, input_of(entry));
    Result<Step> next = step_of(entry, input);
    if (!next) {
        return corrupt(entry, "is refused on replay: " + next.error().message);
    }
    if (sha256_hex(encode_snapshot(definition, next.value().after)) != entry.after_hash) {
        return corrupt(entry, "gives another snapshot on replay than the one that was stored");
    }
    return std::pair(std::move(input), std::move(next).value());
}

Result<Step> Fold::take(const Entry& entry) {
    SILLAGE_TRY(auto taken, step_over(entry));
    member_.snapshot = taken.second.after;
    member_.record.update([&](InstanceRecord& record) { record.head = entry.hash; });
    return std::move(taken.second);
}

Result<InstanceWrite> Fold::restore(const Entry& entry) {
    SILLAGE_TRY(auto taken, step_over(entry));
    member_.company_revision = entry.company_revision;
    member_.cohort_revision = entry.cohort_revision;
    InstanceWrite write = enter_again(member_, taken.first, taken.second, entry);
    if (write.entry.hash != entry.hash) {
        return corrupt(entry, "tells of another step than the one that replay gives");
    }
    write.entry.position = entry.position;
    return write;
}

}  // namespace

Result<Snapshot> Runtime::replay(std::string_view instance, std::uint64_t until,
                                 const ReplayWitness& witness) {
    SILLAGE_TRY(catch_up());
    SILLAGE_TRY(const auto view, store_.read());
    SILLAGE_TRY(const Loaded loaded, Reader(*this, *view).load_stored(instance));
    Loaded member{.record = loaded.record, .definition = loaded.definition};
    member.record.update([](InstanceRecord& record) { record.head.clear(); });
    Fold fold(*view, member);
    const std::uint64_t end = until == 0 ? loaded.record->sequence : until;
    while (member.snapshot.sequence < end) {
        const std::uint64_t done = member.snapshot.sequence;
        SILLAGE_TRY(const auto entries,
                    view->entries(instance, done, std::min(entries_at_a_time, end - done)));
        if (entries.empty()) {
            return Error{.code = ErrorCode::corrupt,
                         .message = fmt::format("Entry {} of {} is missing.", done + 1, instance)};
        }
        for (const Entry& entry : entries) {
            SILLAGE_TRY(const Step step, fold.take(entry));
            if (witness) {
                witness(entry, step);
            }
        }
    }
    const bool is_whole = end == loaded.record->sequence;
    if (is_whole &&
        (member.record->head != loaded.record->head || member.snapshot != loaded.snapshot)) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} is not stored as its log tells.", instance)};
    }
    return member.snapshot;
}

Result<void> Runtime::catch_up() {
    SILLAGE_TRY(const bool is_behind, store_.is_behind());
    if (!is_behind) {
        return success();
    }
    versions_.clear();
    loaded_.clear();
    SILLAGE_TRY(const auto view, store_.read());
    Reader reader(*this, *view);
    std::map<std::string, Loaded> members;
    for (;;) {
        SILLAGE_TRY(const auto entries, store_.tail(entries_at_a_time));
        if (entries.empty()) {
            return success();
        }
        if (members.size() > restored_members_max) {
            members.clear();
        }
        for (const Entry& entry : entries) {
            auto member = members.find(entry.instance);
            if (member == members.end()) {
                SILLAGE_TRY(Loaded loaded, before(reader, entry));
                member = members.emplace(entry.instance, std::move(loaded)).first;
            }
            SILLAGE_TRY(const InstanceWrite write, Fold(*view, member->second).restore(entry));
            SILLAGE_TRY(store_.restore(write));
            loaded_.drop(entry.instance);
        }
    }
}

Result<Loaded> Runtime::before(Reader& reader, const Entry& entry) {
    if (!entry.birth) {
        return reader.load(entry.instance);
    }
    Loaded unborn{.record = record_of(*entry.birth, entry.instance, entry.at)};
    SILLAGE_TRY(unborn.definition, reader.definition_of(unborn.record));
    return unborn;
}

}  // namespace sillage
