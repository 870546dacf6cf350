#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/shared_value.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// What may only read. Sees everything accepted before it was made, and is not to be kept across
/// the acceptance of more.
/// Errors of every function: storage_failed, corrupt; look-ups give nothing for what is not there.
class ReadView {
  public:
    virtual ~ReadView() = default;

    virtual Result<std::optional<InstanceRecord>> instance(std::string_view id) = 0;
    /// The caller knows what was last accepted of the instance without asking, and tells of it: as
    /// far as Store::needs_sync goes, it was shown.
    virtual void note_shown(std::string_view /*id*/) {}
    virtual Result<std::optional<InstanceRecord>> instance_by_key(std::string_view workflow,
                                                                  std::string_view key) = 0;
    /// The child that the instance invoked under that serial.
    virtual Result<std::optional<InstanceRecord>> child(std::string_view parent,
                                                        std::uint64_t serial) = 0;
    /// In order of id.
    virtual Result<std::vector<InstanceRecord>> instances(const InstanceFilter& filter) = 0;
    /// Of one instance, oldest first, those after `sequence`.
    virtual Result<std::vector<Entry>> entries(std::string_view instance, std::uint64_t sequence,
                                               std::size_t limit) = 0;
    /// Of all instances, those after a global position.
    virtual Result<std::vector<Entry>> log(std::uint64_t position, std::size_t limit) = 0;
    /// A published version; without `version` the latest.
    virtual Result<std::optional<DefinitionRecord>> definition(
        std::string_view name, std::optional<std::int64_t> version) = 0;
    /// The latest of every name after `after`, in order of name.
    virtual Result<std::vector<DefinitionRecord>> definitions(std::string_view after,
                                                              std::size_t limit) = 0;
    /// One record; without `revision` the latest.
    virtual Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                                 std::optional<std::uint64_t> revision) = 0;
    virtual Result<std::optional<Record>> record_by_lookup(RecordKind kind,
                                                           std::string_view lookup) = 0;
    /// Latest revisions, in order of id.
    virtual Result<std::vector<Record>> records(const RecordFilter& filter) = 0;
    /// Timers due at or before `until`, the first `limit` in firing order: due, started, state, id.
    virtual Result<DueTimers> due_timers(Instant until, std::size_t limit) = 0;
    /// No timer is due before that; nothing: none is pending. As a rule one is due then; where
    /// timers were put off, a look at that instant may find none, and the next answer is later.
    virtual Result<std::optional<Instant>> next_due() = 0;
    virtual Result<std::optional<StoredAnswer>> answer(std::string_view scope,
                                                       std::string_view key) = 0;
    /// A setting of the data folder. Ex. `sandbox`.
    virtual Result<std::optional<std::string>> setting(std::string_view name) = 0;
};

/// Everything a step changes, as one value: the only way a log grows.
struct InstanceWrite {
    /// After the step; the store inserts or replaces it.
    SharedValue<InstanceRecord> instance = {};
    /// `position` is ignored; so are `data`, `taken` and `effects`, which `payload` has.
    Entry entry = {};
    /// What entry_text and payload_text give of it.
    std::string body = {};
    std::string payload = {};
    /// The instance's pending timers after the step (failed ones apart): they replace its rows.
    std::vector<StoredTimer> timers = {};
};

/// A write, shared between those who show it and those who put it on the disk; never changed once
/// it is shared.
using WritePointer = std::shared_ptr<const InstanceWrite>;

/// Is shown writes that have become durable, in order of their entries' positions.
using DurableWitness = std::function<void(std::span<const WritePointer>)>;

/// A ReadView that also writes. Its own writes are visible to it at once and to others after
/// commit; destroyed without commit it leaves nothing behind. At most one exists at a time.
/// Errors: storage_full: nothing is kept; storage_failed: the outcome is unknown, the store takes
/// no more writes.
class Transaction : public ReadView {
  public:
    /// Errors: conflict: the instance is not at `entry.sequence - 1`, or its key or its place
    /// among its parent's children is taken.
    virtual Result<void> append(InstanceWrite write) = 0;
    /// A new version. Errors: conflict: that version exists.
    virtual Result<void> put(const DefinitionRecord& definition) = 0;
    /// A new revision, one above the latest. Errors: conflict: another revision, or `lookup` taken.
    virtual Result<void> put(const Record& record) = 0;
    virtual Result<void> put(const StoredAnswer& answer) = 0;
    /// Drops answers older than that, at most `limit`.
    virtual Result<void> prune_answers(Instant before, std::size_t limit) = 0;
    virtual Result<void> set(std::string_view setting, std::string_view value) = 0;
    /// Durable once it returns without error.
    virtual Result<void> commit() = 0;
    /// Visible to whoever reads from now on, and durable with the store's next sync, together with
    /// everything else that was accepted since the last. Errors: as commit.
    virtual Result<void> accept() { return commit(); }
};

/// The door to storage. Used by one thread.
///
/// The log is the truth: a step is durable when its entry is. What views show beside the log
/// follows from it, so that a store that was not closed in order may be behind: it has entries
/// that its views do not show. Whoever can run steps then restores them, in order.
class Store {
  public:
    virtual ~Store() = default;

    virtual Result<std::unique_ptr<ReadView>> read() = 0;
    virtual Result<std::unique_ptr<Transaction>> begin() = 0;
    /// Whether it can take writes. Errors: storage_full, storage_failed, unavailable, and why.
    virtual Result<void> ready() = 0;
    /// Another number whenever what views show of records has changed: what was worked out from
    /// records holds as long as it stays the same.
    [[nodiscard]] virtual std::uint64_t registry_revision() const = 0;

    /// From now on `witness` is shown, by any thread, all that becomes durable, each write once and
    /// before whoever waits for its sync is told; null: nobody is any more, once this returns.
    /// What lies in the log already is not shown. Gives the position of its last entry.
    [[nodiscard]] virtual Result<std::uint64_t> watch(DurableWitness witness) = 0;

    /// Makes durable what was accepted; `done` is called once, by any thread, when it is, or is
    /// lost. Errors given to `done`: storage_full: nothing of it is kept, and the store is behind;
    /// storage_failed: the outcome is unknown.
    virtual void sync(const std::function<void(Result<void>)>& done) { done(success()); }
    /// Whether since the last call something was accepted, or shown by a view, that was not durable
    /// then: nobody is to be told of it before the next sync is done.
    virtual bool needs_sync() { return false; }
    /// About how many bytes were accepted since the last sync was asked for.
    [[nodiscard]] virtual std::size_t unsynced_bytes() const { return 0; }

    /// Whether there are entries to restore. Views show an older state until that is done.
    virtual Result<bool> is_behind() { return false; }
    /// The next entries to restore, oldest first; none: nothing is left, the store is not behind.
    virtual Result<std::vector<Entry>> tail(std::size_t /*limit*/) { return std::vector<Entry>{}; }
    /// What the next entry of the tail came to.
    virtual Result<void> restore(const InstanceWrite& /*write*/) { return success(); }
};

}  // namespace sillage
