#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/result.hpp"
#include "engine/interpreter/explain.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/runtime/loaded_cache.hpp"
#include "engine/store/store.hpp"

namespace sillage {

/// Who asks, when, and in which language an answer is worded.
struct Call {
    Actor actor = {};
    Instant now = {};
    std::vector<std::string> languages = {};
    std::string idempotency_key = {};
    /// As Entry has it.
    std::string trace = {};
    /// For whom it is worded.
    Audience audience = Audience::staff;
};

struct StartCommand {
    InstanceId id = {};
    std::string workflow = {};
    /// Nothing: the cohort's, else the latest.
    std::optional<std::int64_t> version = {};
    std::string company = {};
    std::string cohort = {};
    std::string key = {};
    boost::json::object context = {};
};

struct SubmitCommand {
    std::string event = {};
    boost::json::value data = nullptr;
    /// The sequence the caller has seen (`If-Match`).
    std::optional<std::uint64_t> expected_sequence = {};
};

/// What a start or an event did: the instance after it and all its queued sends.
struct Receipt {
    Loaded after = {};
    std::vector<TakenTransition> taken = {};
    std::vector<Effect> effects = {};
    /// Children that it started, or that had a part in it.
    std::vector<InstanceRecord> children = {};
};

struct Published {
    DefinitionPointer definition = nullptr;
    /// Findings of severity warning, or all when it did not pass.
    std::vector<Finding> findings = {};
    /// False: the same content was published before.
    bool created = false;
};

class Runtime;
struct Decision;
struct Kin;

/// Reads within one consistent view.
class Reader {
  public:
    Reader(Runtime& runtime, ReadView& view) : runtime_(runtime), view_(view) {}

    [[nodiscard]] ReadView& view() { return view_; }
    /// Errors: not_found.
    [[nodiscard]] Result<Loaded> load(std::string_view instance);
    /// The same from what the store holds, whatever the runtime knows.
    [[nodiscard]] Result<Loaded> load_stored(std::string_view instance);
    /// The same for a row of a list.
    [[nodiscard]] Result<Loaded> load(InstanceRecord record);
    /// The children that the instance has had: of each invoke id the last, in order of their start;
    /// at most children_max of them. `known` stand as a request left them, written or not.
    [[nodiscard]] Result<std::vector<InstanceRecord>> children(
        const Loaded& parent, const std::vector<InstanceRecord>& known = {});
    /// Errors: not_found.
    [[nodiscard]] Result<DefinitionPointer> definition(std::string_view name,
                                                       std::optional<std::int64_t> version);
    /// What the instance runs: a workflow, what is inlined in one, or a document of its own.
    [[nodiscard]] Result<DefinitionPointer> definition_of(const InstanceRecord& record);
    /// Errors: not_found.
    [[nodiscard]] Result<Record> record(RecordKind kind, std::string_view id);
    /// What the event would do, without writing: the same code as Work::submit.
    [[nodiscard]] Result<Receipt> try_submit(const Loaded& loaded, const SubmitCommand& command,
                                             const Call& call);
    /// The input that status, offers and explain take for this caller. Its `now` is never before
    /// the instance's last entry: an instance's time does not run backwards.
    [[nodiscard]] static Input input_for(const Loaded& loaded, const Call& call);

  protected:
    friend class Runtime;

    /// How decisions find relatives and definitions in this view.
    [[nodiscard]] Kin kin(const std::string& trace = {});
    Runtime& runtime_;
    ReadView& view_;
    /// False once instances are read beside records that are not committed.
    bool remembers_ = true;
    /// What the transaction has written, as it stands.
    std::map<std::string, Loaded, std::less<>> own_;
};

/// Writes within one transaction; nothing is kept unless Runtime::perform commits it.
class Work : public Reader {
  public:
    Work(Runtime& runtime, Transaction& transaction)
        : Reader(runtime, transaction), transaction_(transaction) {}

    [[nodiscard]] Transaction& transaction() { return transaction_; }
    /// Checks and stores a workflow file. Errors: definition_invalid (the findings are in `refused`
    /// when given); conflict: that version exists with other content.
    [[nodiscard]] Result<Published> publish(std::string_view source, std::string_view file,
                                            Instant now, std::vector<Finding>* refused = nullptr);
    /// Errors: not_found: workflow, company or cohort; conflict: the key is taken;
    ///         invalid_argument: a context value; as step.
    [[nodiscard]] Result<Receipt> start(const StartCommand& command, const Call& call);
    /// One external event and the sends it queues.
    /// Errors: stale: another sequence; event_refused; limit_exceeded, contract_broken: the step
    /// was undone and an incident entry written instead. Runtime::perform keeps that entry even
    /// when the answer is a refusal and the rest of the work is dropped; the route has nothing to
    /// do.
    [[nodiscard]] Result<Receipt> submit(const Loaded& loaded, const SubmitCommand& command,
                                         const Call& call);
    [[nodiscard]] Result<Receipt> resolve_incident(const Loaded& loaded, std::uint64_t sequence,
                                                   const Call& call);
    /// Writes the next revision of a record, or the first.
    [[nodiscard]] Result<Record> put_record(Record record);
    /// Appends what was decided.
    [[nodiscard]] Result<void> append(Decision& decision);

  private:
    friend class Runtime;

    Result<Receipt> write(Decision decision);

    Transaction& transaction_;
    /// What was written of steps that ended in an incident.
    std::vector<InstanceWrite> incidents_;
};

/// An answer to a request, in the shape that repeats are answered with.
struct Answer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    /// It is the stored answer of an earlier request with the same key.
    bool replayed = false;
};

/// A request that may be repeated.
struct Repeat {
    std::string scope = {};
    std::string key = {};
    /// SHA-256 of the request's body.
    std::string request_hash = {};
    Instant now = {};
};

/// An instance whose timer could not be fired; it stands as it was, and the others went on.
struct FireFailure {
    std::string instance = {};
    Error error = {};
};

struct FireReport {
    /// Timers that fired, those that ended in an incident included.
    std::size_t fired = 0;
    /// None is due before that, of instances that did not fail here; nothing: none is pending.
    std::optional<Instant> next_due = {};
    /// A look that found many timers put off was ended early: more may be due, call again.
    bool is_cut_short = false;
    std::vector<FireFailure> failures = {};
};

/// Instances that one call of fire_due passes over because they cannot be loaded; more of them
/// mean that storage itself is damaged.
inline constexpr std::size_t fire_failures_max = 100;

/// Documents of children that are kept compiled. Chosen: they are rare, and each may be as large as
/// a workflow file.
inline constexpr std::size_t documents_max = 64;

/// Is shown each entry of a log that is replayed, with the step that it gives.
using ReplayWitness = std::function<void(const Entry&, const Step&)>;

/// The shell around step: load, step, append, commit. Used by one thread at a time.
class Runtime {
  public:
    /// Fills bytes by chance.
    using Random = std::function<void(std::span<std::uint8_t>)>;

    /// `random` makes the salt of entries; without it they have none, and what was erased from the
    /// log can be guessed at.
    explicit Runtime(Store& store, Random random = {})
        : store_(store), random_(std::move(random)) {}

    /// From here on work is accepted, not committed: whoever has it done syncs the store before
    /// anybody is told of it.
    void leave_syncs_to_caller() { is_synced_by_caller_ = true; }

    /// Restores what the log has and the store does not show yet, if anything. Whatever reads or
    /// writes does so first. Errors: corrupt: an entry does not follow from those before it; those
    /// of the store.
    [[nodiscard]] Result<void> catch_up();

    /// Runs `read` in one view.
    template <class F>
    [[nodiscard]] auto read(F&& read) -> decltype(read(std::declval<Reader&>())) {
        SILLAGE_TRY(catch_up());
        SILLAGE_TRY(const auto view, store_.read());
        Reader reader(*this, *view);
        return read(reader);
    }

    /// Runs `work` in one transaction and commits it together with its answer. With `repeat`, a
    /// stored answer is given instead of working again (without one, as for a `dry_run`, nothing
    /// is stored). An answer of status 400 and above keeps nothing of the work but the incident
    /// entries that Work::submit wrote and, for 403, 409, 412 and 422, the answer itself.
    /// Errors: idempotency_mismatch: the key was used with another body; storage_full,
    ///         storage_failed, also when the work hid one behind an answer of 500 and above.
    [[nodiscard]] Result<Answer> perform(const std::optional<Repeat>& repeat,
                                         const std::function<Answer(Work&)>& work);

    /// Fires timers due at or before `until`, at most `limit`, each in a transaction of its own at
    /// its own due instant, those started on the way included, in firing order.
    /// Errors: those of the store; corrupt: more than fire_failures_max instances failed.
    [[nodiscard]] Result<FireReport> fire_due(Instant until, std::size_t limit);
    /// As ReadView::next_due.
    [[nodiscard]] Result<std::optional<Instant>> next_due();

    /// Folds an instance's log through step, up to `until` (0: the end).
    /// Errors: not_found; corrupt: an after-hash differs, naming the entry.
    [[nodiscard]] Result<Snapshot> replay(std::string_view instance, std::uint64_t until = 0,
                                          const ReplayWitness& witness = {});

    /// The definition of that hash, read and compiled at most once.
    [[nodiscard]] Result<DefinitionPointer> compiled(const DefinitionRecord& record);
    /// The definition of a document that an invoke gave. Errors: definition_invalid.
    [[nodiscard]] Result<DefinitionPointer> compiled_document(const std::string& text);

    [[nodiscard]] Store& store() { return store_; }

  private:
    friend class Reader;
    friend class Work;

    /// What the entry is a step of.
    Result<Loaded> before(Reader& reader, const Entry& entry);
    /// Commits or accepts the work. Errors: as those.
    Result<void> keep(Work& work);

    /// Of one entry; empty without `random`.
    [[nodiscard]] std::string new_salt();

    Store& store_;
    Random random_;
    /// What chance gave and nobody has used yet; asked for in pieces of many salts.
    std::vector<std::uint8_t> chance_;
    bool is_synced_by_caller_ = false;
    LoadedCache loaded_;
    /// By hash. Bounded by the number of published versions.
    std::map<std::string, DefinitionPointer, std::less<>> compiled_;
    /// By text, for the children that documents were given for. Emptied at documents_max.
    std::map<std::string, DefinitionPointer, std::less<>> documents_;
    /// By name and version, so that a step need not read its file again. Emptied when a
    /// transaction is dropped, which may have published what it used.
    std::map<std::string, std::map<std::int64_t, DefinitionPointer>, std::less<>> versions_;
};

}  // namespace sillage
