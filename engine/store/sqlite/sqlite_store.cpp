#include "engine/store/sqlite/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <future>
#include <utility>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/base/fault.hpp"
#include "engine/store/sqlite/committer.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/folder.hpp"
#include "engine/store/sqlite/merged_reads.hpp"
#include "engine/store/sqlite/writer.hpp"

namespace sillage {
namespace {

Error conflict(std::string message) {
    return Error{.code = ErrorCode::conflict, .message = std::move(message)};
}

/// Entries looked at at a time for those that are to be restored.
constexpr std::size_t tail_page = 256;

/// The look-ups of ReadView or Transaction (Base).
template <class Base>
class Reading : public Base {
  public:
    Reading(Reads& reads, Shared& shared, const Overlay* own) : merged_(reads, shared, own) {}

    Result<std::optional<InstanceRecord>> instance(std::string_view id) override {
        return merged_.instance(id);
    }
    void note_shown(std::string_view id) override { merged_.note_shown(id); }
    Result<std::optional<InstanceRecord>> instance_by_key(std::string_view workflow,
                                                          std::string_view key) override {
        return merged_.instance_by_key(workflow, key);
    }
    Result<std::optional<InstanceRecord>> child(std::string_view parent,
                                                std::uint64_t serial) override {
        return merged_.child(parent, serial);
    }
    Result<std::vector<InstanceRecord>> instances(const InstanceFilter& filter) override {
        return merged_.instances(filter);
    }
    Result<std::vector<Entry>> entries(std::string_view instance, std::uint64_t sequence,
                                       std::size_t limit) override {
        return merged_.entries(instance, sequence, limit);
    }
    Result<std::vector<Entry>> log(std::uint64_t position, std::size_t limit) override {
        return tables().log.log(position, limit);
    }
    Result<std::optional<DefinitionRecord>> definition(
        std::string_view name, std::optional<std::int64_t> version) override {
        return tables().registry.definition(name, version);
    }
    Result<std::vector<DefinitionRecord>> definitions(std::string_view after,
                                                      std::size_t limit) override {
        return tables().registry.definitions(after, limit);
    }
    Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                         std::optional<std::uint64_t> revision) override {
        return merged_.record(kind, id, revision);
    }
    Result<std::optional<Record>> record_by_lookup(RecordKind kind,
                                                   std::string_view lookup) override {
        return merged_.record_by_lookup(kind, lookup);
    }
    Result<std::vector<Record>> records(const RecordFilter& filter) override {
        return tables().registry.records(filter);
    }
    Result<DueTimers> due_timers(Instant until, std::size_t limit) override {
        return merged_.due_timers(until, limit);
    }
    Result<std::optional<Instant>> next_due() override { return merged_.next_due(); }
    Result<std::optional<StoredAnswer>> answer(std::string_view scope,
                                               std::string_view key) override {
        return merged_.answer(scope, key);
    }
    Result<std::optional<std::string>> setting(std::string_view name) override {
        return tables().registry.setting(name);
    }

  protected:
    Reads& tables() { return merged_.tables(); }

    MergedReads merged_;
};

}  // namespace

struct SqliteStore::Parts {
    Parts(LockedFolder locked, CommitObserver observer)
        : folder(std::move(locked)), writer(folder.database()), on_commit(std::move(observer)) {}

    /// Opens the reader and starts the committer, once the writer is prepared.
    Result<void> start();
    /// Learns what the committer has done. Errors: storage_failed: it does nothing any more.
    Result<void> absorb();
    /// Hands over what was accepted.
    void submit(std::function<void(Result<void>)> done);
    /// The same, and waits.
    Result<void> sync_now();
    /// What lies in the log after what the tables have.
    Result<void> look_behind();

    LockedFolder folder;
    Writer writer;
    CommitObserver on_commit;
    std::optional<SQLite::Database> reader;
    std::optional<Reads> reads;
    Shared shared;
    /// Accepted and not yet handed over.
    Batch accepted;
    /// Why something was lost that was accepted, until a sync tells it.
    std::optional<Error> lost;
    std::uint64_t next_position = 1;
    bool is_behind = false;
    /// Up to here the tail was given.
    std::uint64_t restored_position = 0;
    bool has_transaction = false;
    /// The last to be made, the first to go: it finishes what is queued.
    std::optional<Committer> committer;
};

Result<void> SqliteStore::Parts::start() {
    return guarded([&]() -> Result<void> {
        reader.emplace(open_reader(folder.database()));
        reads.emplace(*reader);
        SILLAGE_TRY(look_behind());
        committer.emplace(writer, shared.durable_position, on_commit);
        return success();
    });
}

Result<void> SqliteStore::Parts::look_behind() {
    SILLAGE_TRY(shared.durable_position, reads->log.last_position());
    SILLAGE_TRY(const auto projected, reads->registry.setting(projected_setting));
    shared.forget_tables();
    restored_position = 0;
    if (projected) {
        std::from_chars(projected->data(), projected->data() + projected->size(),
                        restored_position);
    }
    is_behind = restored_position < shared.durable_position;
    next_position = shared.durable_position + 1;
    return success();
}

Result<void> SqliteStore::Parts::absorb() {
    shared.durable_position = committer->durable_position();
    if (!shared.corrections.empty()) {
        committer->submit(std::exchange(shared.corrections, {}));
    }
    if (!committer->has_news()) {
        return success();
    }
    if (const auto failure = committer->failure()) {
        if (failure->code != ErrorCode::storage_full) {
            return *failure;
        }
        // What was accepted is lost; what is on the disk tells where things stand.
        committer->forget();
        if (!accepted.writes.empty() || !accepted.answers.empty()) {
            lost = *failure;  // and whoever waits for it has yet to be told
            accepted = {};
        }
        shared.overlay.clear();
        SILLAGE_TRY(look_behind());
        is_behind = true;  // whoever remembers instances has to forget them, tail or none
    }
    shared.durable_position = committer->durable_position();
    const Committer::Progress progress = committer->progress();
    for (const auto& [instance, sequence] : progress.instances) {
        shared.note_projected(instance, sequence);
    }
    shared.correction_count -= std::min(shared.correction_count, progress.correction_count);
    for (const AnswerPointer& answer : progress.answers) {
        shared.overlay.drop(answer);
    }
    return success();
}

void SqliteStore::Parts::submit(std::function<void(Result<void>)> done) {
    accepted.done = std::move(done);
    committer->submit(std::exchange(accepted, {}));
}

Result<void> SqliteStore::Parts::sync_now() {
    std::promise<Result<void>> outcome;
    submit([&](Result<void> result) { outcome.set_value(std::move(result)); });
    return outcome.get_future().get();
}

/// Writes are kept in memory until they are accepted; one that changes the registry has the
/// writing connection to itself from then on.
class SqliteStore::Writing final : public Reading<Transaction> {
  public:
    explicit Writing(Parts& parts) : Reading(*parts.reads, parts.shared, &own_), parts_(parts) {
        parts_.has_transaction = true;
    }
    ~Writing() override {
        if (taken_) {
            parts_.writer.roll_back();
        }
        parts_.has_transaction = false;
    }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

    Result<void> append(InstanceWrite write) override {
        SILLAGE_TRY(check(write));
        batch_.bytes += write.body.size() + write.payload.size();
        auto shared = std::make_shared<InstanceWrite>(std::move(write));
        writes_.push_back(shared);
        own_.add(std::move(shared));
        return success();
    }
    Result<void> put(const DefinitionRecord& definition) override {
        return register_with([&](Writes& writes) { return writes.put(definition); });
    }
    Result<void> put(const Record& record) override {
        return register_with([&](Writes& writes) { return writes.put(record); });
    }
    Result<void> put(const StoredAnswer& answer) override {
        batch_.bytes += answer.body.size();
        auto shared = std::make_shared<const StoredAnswer>(answer);
        batch_.answers.push_back(shared);
        own_.add(std::move(shared));
        return success();
    }
    Result<void> prune_answers(Instant before, std::size_t limit) override {
        batch_.prune_before = before;
        batch_.prune_limit = limit;
        return success();
    }
    Result<void> set(std::string_view setting, std::string_view value) override {
        return register_with([&](Writes& writes) { return writes.set(setting, value); });
    }
    Result<void> accept() override {
        SILLAGE_ASSERT(!has_ended_);
        has_ended_ = true;
        for (const auto& write : writes_) {
            write->entry.position = parts_.next_position++;
            batch_.writes.push_back(write);
        }
        if (taken_) {
            return commit_taken();
        }
        parts_.accepted.bytes += batch_.bytes;
        std::ranges::copy(batch_.writes, std::back_inserter(parts_.accepted.writes));
        std::ranges::copy(batch_.answers, std::back_inserter(parts_.accepted.answers));
        if (batch_.prune_limit > 0) {
            parts_.accepted.prune_before = batch_.prune_before;
            parts_.accepted.prune_limit = batch_.prune_limit;
        }
        parts_.shared.needs_sync =
            parts_.shared.needs_sync || !batch_.writes.empty() || !batch_.answers.empty();
        parts_.shared.show(std::move(own_));
        return success();
    }
    Result<void> commit() override {
        const bool is_taken = taken_.has_value();
        SILLAGE_TRY(accept());
        return is_taken ? success() : parts_.sync_now();
    }

  private:
    Result<void> check(const InstanceWrite& write) {
        const InstanceRecord& record = write.instance;
        SILLAGE_TRY(const std::uint64_t before, merged_.sequence(record.id));
        if (write.entry.sequence != before + 1 && !is_broken(Breakage::sequence_from_memory)) {
            return conflict(fmt::format("{} is at sequence {}.", record.id, before));
        }
        if (!record.key.empty()) {
            SILLAGE_TRY(const auto holder, instance_by_key(record.workflow, record.key));
            if (holder && holder->id != record.id) {
                return conflict(fmt::format("The key \"{}\" is {}'s.", record.key, holder->id));
            }
        }
        if (record.parent && before == 0) {
            SILLAGE_TRY(const auto other, child(record.parent->instance, record.parent->serial));
            if (other) {
                return conflict(fmt::format("Child {} of {} is {}.", record.parent->serial,
                                            record.parent->instance, other->id));
            }
        }
        return success();
    }

    template <class Work>
    Result<void> register_with(const Work& work) {
        if (!taken_) {
            if (!parts_.accepted.writes.empty() || !parts_.accepted.answers.empty()) {
                const Result<void> synced = parts_.sync_now();
                if (!synced) {
                    parts_.lost = synced.error();
                    return synced;
                }
            }
            auto taken = parts_.committer->take_writer();
            if (const auto failure = parts_.committer->failure()) {
                return *failure;  // what this one builds on was lost meanwhile
            }
            SILLAGE_TRY(parts_.writer.begin());
            taken_ = std::move(taken);
            merged_.use(parts_.writer.reads());
        }
        return parts_.writer.write(work);
    }

    Result<void> commit_taken() {
        SILLAGE_TRY(parts_.writer.write([&](Writes& writes) -> Result<void> {
            for (const WritePointer& write : batch_.writes) {
                SILLAGE_TRY(writes.append(*write));
            }
            for (const AnswerPointer& answer : batch_.answers) {
                SILLAGE_TRY(writes.put(*answer));
            }
            return batch_.prune_limit == 0
                       ? success()
                       : writes.prune_answers(batch_.prune_before, batch_.prune_limit);
        }));
        Result<void> committed = parts_.writer.commit();
        if (!committed) {
            parts_.next_position -= batch_.writes.size();
            return committed;
        }
        parts_.committer->add_durable(batch_.writes);
        parts_.committer->show(batch_.writes);
        parts_.shared.durable_position = parts_.next_position - 1;
        for (WritePointer& write : batch_.writes) {
            parts_.shared.show(std::move(write));
        }
        parts_.shared.records.clear();
        merged_.use(*parts_.reads);
        taken_.reset();
        return success();
    }

    Parts& parts_;
    Overlay own_;
    std::vector<std::shared_ptr<InstanceWrite>> writes_;
    Batch batch_;
    /// The writing connection, with a transaction open.
    std::optional<std::unique_lock<std::mutex>> taken_;
    bool has_ended_ = false;
};

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
    SILLAGE_TRY(LockedFolder folder, LockedFolder::open(options.folder));
    return guarded([&]() -> Result<std::unique_ptr<SqliteStore>> {
        auto parts = std::make_unique<Parts>(std::move(folder), options.on_commit);
        SILLAGE_TRY(parts->writer.prepare());
        SILLAGE_TRY(parts->start());
        return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(parts)));
    });
}

Result<std::unique_ptr<ReadView>> SqliteStore::read() {
    // What it has shown stays true when nothing is written any more.
    static_cast<void>(parts_->absorb());
    return std::make_unique<Reading<ReadView>>(*parts_->reads, parts_->shared, nullptr);
}

Result<std::unique_ptr<Transaction>> SqliteStore::begin() {
    SILLAGE_TRY(parts_->absorb());
    if (parts_->has_transaction) {
        return Error{.code = ErrorCode::unavailable, .message = "A transaction is open."};
    }
    if (parts_->lost) {
        return *parts_->lost;  // the sync that tells of it must not tell of others
    }
    if (parts_->writer.is_full() || parts_->writer.is_crowded()) {
        SILLAGE_TRY(ready());  // else views would show what is then lost, time and again
    }
    return std::make_unique<Writing>(*parts_);
}

Result<void> SqliteStore::ready() {
    SILLAGE_TRY(parts_->absorb());
    if (!parts_->writer.is_full() && !parts_->writer.is_crowded()) {
        return success();
    }
    if (parts_->has_transaction) {
        return Error{.code = ErrorCode::unavailable, .message = "A transaction is open."};
    }
    const auto taken = parts_->committer->take_writer();
    return parts_->writer.ready();
}

Result<std::uint64_t> SqliteStore::watch(DurableWitness witness) {
    SILLAGE_TRY(parts_->absorb());
    const auto taken = parts_->committer->take_writer();
    parts_->committer->watch(std::move(witness));
    return parts_->committer->durable_position();
}

void SqliteStore::sync(const std::function<void(Result<void>)>& done) {
    if (parts_->lost) {
        done(*std::exchange(parts_->lost, std::nullopt));
        return;
    }
    parts_->submit(done);
}

std::uint64_t SqliteStore::registry_revision() const { return parts_->shared.records.revision; }

std::size_t SqliteStore::unsynced_bytes() const { return parts_->accepted.bytes; }

bool SqliteStore::needs_sync() { return std::exchange(parts_->shared.needs_sync, false); }

Result<bool> SqliteStore::is_behind() {
    SILLAGE_TRY(parts_->absorb());
    return parts_->is_behind;
}

Result<std::vector<Entry>> SqliteStore::tail(std::size_t limit) {
    Parts& parts = *parts_;
    std::vector<Entry> found;
    while (parts.is_behind && found.empty()) {
        SILLAGE_TRY(auto page,
                    parts.reads->log.log(parts.restored_position, std::min(limit, tail_page)));
        parts.is_behind = !page.empty();
        for (Entry& entry : page) {
            parts.restored_position = entry.position;
            SILLAGE_TRY(const std::uint64_t known, parts.reads->instances.sequence(entry.instance));
            if (entry.sequence > known) {
                found.push_back(std::move(entry));
            }
        }
    }
    return found;
}

Result<void> SqliteStore::restore(const InstanceWrite& write) {
    auto shared = std::make_shared<const InstanceWrite>(write);
    const auto taken = parts_->committer->take_writer();
    parts_->committer->add_durable({shared});
    parts_->shared.show(std::move(shared));
    return success();
}

}  // namespace sillage
