#include <fmt/format.h>

#include "engine/base/hash.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/runtime/subject.hpp"

namespace sillage {
namespace {

/// Entries read at a time, so that a long log is never held whole.
constexpr std::size_t entries_at_a_time = 256;

Error corrupt(const Entry& entry, std::string_view fault) {
    return Error{
        .code = ErrorCode::corrupt,
        .message = fmt::format("Entry {} of {} {}.", entry.sequence, entry.instance, fault)};
}

/// Folds one instance's entries, in order.
class Fold {
  public:
    Fold(ReadView& view, const InstanceRecord& record, const Definition& definition)
        : view_(view), record_(record), definition_(definition) {}

    /// The step that the entry tells of; the snapshot is then its outcome.
    /// Errors: corrupt: the entry does not follow from those before it.
    Result<Step> take(const Entry& entry);

    [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }
    [[nodiscard]] const std::string& head() const { return head_; }

  private:
    Result<Input> input_of(const Entry& entry);
    Result<boost::json::object> record_at(RecordKind kind, const std::string& id,
                                          std::uint64_t revision);
    Result<Step> step_of(const Entry& entry, const Input& input);

    ReadView& view_;
    const InstanceRecord& record_;
    const Definition& definition_;
    Snapshot snapshot_;
    std::string head_;
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
                .instance = record_.id,
                .parent = record_.parent};
    SILLAGE_TRY(input.company,
                record_at(RecordKind::company, record_.company, entry.company_revision));
    SILLAGE_TRY(input.cohort, record_at(RecordKind::cohort, record_.cohort, entry.cohort_revision));
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
        return start(definition_, input);
    }
    if (entry.event == "$incident") {
        return step_of_incident(snapshot_, input);
    }
    if (entry.event == "$resolve") {
        const boost::json::value* sequence =
            entry.data.is_object() ? entry.data.get_object().if_contains("sequence") : nullptr;
        if (sequence == nullptr || !sequence->is_int64()) {
            return corrupt(entry, "names no incident");
        }
        return resolve_incident(snapshot_, input,
                                static_cast<std::uint64_t>(sequence->get_int64()));
    }
    return step(definition_, snapshot_, input);
}

Result<Step> Fold::take(const Entry& entry) {
    if (entry.sequence != snapshot_.sequence + 1 || entry.previous_hash != head_) {
        return corrupt(entry, "does not follow the one before it");
    }
    if (!is_sealed(entry)) {
        return corrupt(entry, "does not have the hash of its content");
    }
    if (entry.definition_hash != definition_.hash) {
        return corrupt(entry, "was decided by another definition");
    }
    SILLAGE_TRY(const Input input, input_of(entry));
    Result<Step> next = step_of(entry, input);
    if (!next) {
        return corrupt(entry, "is refused on replay: " + next.error().message);
    }
    if (sha256_hex(encode_snapshot(definition_, next.value().after)) != entry.after_hash) {
        return corrupt(entry, "gives another snapshot on replay than the one that was stored");
    }
    snapshot_ = next.value().after;
    head_ = entry.hash;
    return next;
}

}  // namespace

Result<Snapshot> Runtime::replay(std::string_view instance, std::uint64_t until,
                                 const ReplayWitness& witness) {
    SILLAGE_TRY(const auto view, store_.read());
    Reader reader(*this, *view);
    SILLAGE_TRY(const Loaded loaded, reader.load(instance));
    Fold fold(*view, loaded.record, *loaded.definition);
    const std::uint64_t end = until == 0 ? loaded.record.sequence : until;
    while (fold.snapshot().sequence < end) {
        const std::uint64_t done = fold.snapshot().sequence;
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
    const bool is_whole = end == loaded.record.sequence;
    if (is_whole && (fold.head() != loaded.record.head || fold.snapshot() != loaded.snapshot)) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} is not stored as its log tells.", instance)};
    }
    return fold.snapshot();
}

}  // namespace sillage
