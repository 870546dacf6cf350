#include "engine/store/memory/memory_store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/assert.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/store/memory/state.hpp"
#include "engine/store/search_text.hpp"
#include "engine/store/select.hpp"

namespace sillage {
namespace {

template <class Row>
std::optional<Row> copy_of(const std::shared_ptr<const Row>& row) {
    return *row;
}

Error conflict(std::string message) {
    return Error{.code = ErrorCode::conflict, .message = std::move(message)};
}

/// The look-ups of a ReadView (Base) or a Transaction (Base too) over a state.
template <class Base>
class Reading : public Base {
  public:
    explicit Reading(std::shared_ptr<const MemoryState> state) : seen_(std::move(state)) {}

    Result<std::optional<InstanceRecord>> instance(std::string_view id) override {
        const auto found = seen_->instances.find(id);
        return found == seen_->instances.end() ? std::nullopt : copy_of(found->second);
    }

    Result<std::optional<InstanceRecord>> instance_by_key(std::string_view workflow,
                                                          std::string_view key) override {
        const auto found = seen_->keys.find({std::string(workflow), std::string(key)});
        if (found == seen_->keys.end()) {
            return std::nullopt;
        }
        return instance(found->second);
    }

    Result<std::optional<InstanceRecord>> child(std::string_view parent,
                                                std::uint64_t serial) override {
        const auto found = seen_->children.find({std::string(parent), serial});
        if (found == seen_->children.end()) {
            return std::nullopt;
        }
        return instance(found->second);
    }

    Result<std::vector<InstanceRecord>> instances(const InstanceFilter& filter) override {
        const auto search_of = [&](const std::string& company) {
            const auto found = seen_->records.find({RecordKind::company, company});
            return found == seen_->records.end() ? std::string()
                                                 : search_text(*found->second.back());
        };
        std::vector<InstanceRecord> selected;
        for (auto row = seen_->instances.upper_bound(filter.after);
             row != seen_->instances.end() && selected.size() < filter.limit; ++row) {
            if (is_selected(*row->second, filter, search_of)) {
                selected.push_back(*row->second);
            }
        }
        return selected;
    }

    Result<std::vector<Entry>> entries(std::string_view id, std::uint64_t sequence,
                                       std::size_t limit) override {
        std::vector<Entry> found;
        const auto log = seen_->logs.find(id);
        if (log == seen_->logs.end()) {
            return found;
        }
        // Entry n of an instance stands at n - 1.
        for (std::size_t index = sequence; index < log->second.size() && found.size() < limit;
             ++index) {
            found.push_back(*seen_->log[log->second[index] - 1]);
        }
        return found;
    }

    Result<std::vector<Entry>> log(std::uint64_t position, std::size_t limit) override {
        std::vector<Entry> found;
        for (std::size_t index = position; index < seen_->log.size() && found.size() < limit;
             ++index) {
            found.push_back(*seen_->log[index]);
        }
        return found;
    }

    Result<std::optional<DefinitionRecord>> definition(
        std::string_view name, std::optional<std::int64_t> version) override {
        const auto versions = seen_->definitions.find(name);
        if (versions == seen_->definitions.end()) {
            return std::nullopt;
        }
        if (!version) {
            return copy_of(versions->second.rbegin()->second);
        }
        const auto found = versions->second.find(*version);
        return found == versions->second.end() ? std::nullopt : copy_of(found->second);
    }

    Result<std::vector<DefinitionRecord>> definitions(std::string_view after,
                                                      std::size_t limit) override {
        std::vector<DefinitionRecord> found;
        for (auto row = seen_->definitions.upper_bound(after);
             row != seen_->definitions.end() && found.size() < limit; ++row) {
            found.push_back(*row->second.rbegin()->second);
        }
        return found;
    }

    Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                         std::optional<std::uint64_t> revision) override {
        const auto found = seen_->records.find({kind, std::string(id)});
        if (found == seen_->records.end() ||
            (revision && (*revision == 0 || *revision > found->second.size()))) {
            return std::nullopt;
        }
        return copy_of(revision ? found->second[*revision - 1] : found->second.back());
    }

    Result<std::optional<Record>> record_by_lookup(RecordKind kind,
                                                   std::string_view lookup) override {
        const auto found = seen_->lookups.find({kind, std::string(lookup)});
        if (found == seen_->lookups.end()) {
            return std::nullopt;
        }
        return record(kind, found->second, std::nullopt);
    }

    Result<std::vector<Record>> records(const RecordFilter& filter) override {
        std::vector<Record> found;
        for (auto row = seen_->records.upper_bound({filter.kind, filter.after});
             row != seen_->records.end() && row->first.first == filter.kind &&
             found.size() < filter.limit;
             ++row) {
            const Record& latest = *row->second.back();
            if (!filter.clusters ||
                std::ranges::find(*filter.clusters, latest.cluster) != filter.clusters->end()) {
                found.push_back(latest);
            }
        }
        return found;
    }

    Result<DueTimers> due_timers(Instant until, std::size_t limit) override {
        DueTimers due;
        for (const auto& [id, timers] : seen_->timers) {
            for (const StoredTimer& timer : timers) {
                if (timer.due <= until) {
                    due.rows.push_back({.instance = id, .timer = timer});
                }
            }
        }
        std::ranges::sort(due.rows,
                          [](const auto& a, const auto& b) { return fires_before(a, b); });
        due.rows.resize(std::min(due.rows.size(), limit));
        return due;
    }

    Result<std::optional<Instant>> next_due() override {
        std::optional<Instant> next;
        for (const auto& [id, timers] : seen_->timers) {
            for (const StoredTimer& timer : timers) {
                next = std::min(next.value_or(timer.due), timer.due);
            }
        }
        return next;
    }

    Result<std::optional<StoredAnswer>> answer(std::string_view scope,
                                               std::string_view key) override {
        const auto found = seen_->answers.find({std::string(scope), std::string(key)});
        return found == seen_->answers.end() ? std::nullopt : copy_of(found->second);
    }

    Result<std::optional<std::string>> setting(std::string_view name) override {
        const auto found = seen_->settings.find(name);
        return found == seen_->settings.end() ? std::nullopt : std::optional(found->second);
    }

  protected:
    std::shared_ptr<const MemoryState> seen_;
};

class MemoryTransaction final : public Reading<Transaction> {
  public:
    /// What a transaction has of its store.
    struct Ties {
        /// Where a commit puts its state.
        std::shared_ptr<const MemoryState>& committed;
        const DurableWitness& witness;
        /// Shows that a transaction exists.
        std::shared_ptr<void> open;
    };
    explicit MemoryTransaction(const Ties& ties)
        : MemoryTransaction(std::make_shared<MemoryState>(*ties.committed), ties) {}

    Result<void> append(InstanceWrite write) override {
        const std::string id = write.instance->id;
        SILLAGE_TRY(check_sequence(id, write.entry.sequence));
        SILLAGE_TRY(take_key(write.instance));
        SILLAGE_TRY(take_place(write.instance));
        state_->instances.insert_or_assign(id, std::make_shared<InstanceRecord>(*write.instance));
        write.entry.position = state_->log.size() + 1;
        SILLAGE_TRY(Entry entry, stored_entry(write));
        state_->logs[id].push_back(entry.position);
        state_->log.push_back(std::make_shared<Entry>(std::move(entry)));
        if (write.timers.empty()) {
            state_->timers.erase(id);
        } else {
            state_->timers.insert_or_assign(id, write.timers);
        }
        if (ties_.witness) {
            writes_.push_back(std::make_shared<const InstanceWrite>(std::move(write)));
        }
        return success();
    }

    Result<void> put(const DefinitionRecord& definition) override {
        auto& versions = state_->definitions[definition.name];
        const auto row = std::make_shared<DefinitionRecord>(definition);
        if (!versions.emplace(definition.version, row).second) {
            return conflict(
                fmt::format("Version {} of \"{}\" exists.", definition.version, definition.name));
        }
        return success();
    }

    Result<void> put(const Record& record) override {
        const auto found = state_->records.find({record.kind, record.id});
        const std::uint64_t latest =
            found == state_->records.end() ? 0 : found->second.back()->revision;
        if (record.revision != latest + 1) {
            return conflict(fmt::format("{} is at revision {}.", record.id, latest));
        }
        SILLAGE_TRY(take_lookup(record, latest == 0 ? nullptr : found->second.back().get()));
        state_->records[{record.kind, record.id}].push_back(std::make_shared<Record>(record));
        ++state_->record_count;
        return success();
    }

    Result<void> put(const StoredAnswer& answer) override {
        state_->answers.insert_or_assign({answer.scope, answer.key},
                                         std::make_shared<StoredAnswer>(answer));
        return success();
    }

    Result<void> prune_answers(Instant before, std::size_t limit) override {
        for (auto row = state_->answers.begin(); row != state_->answers.end() && limit > 0;) {
            const bool is_old = row->second->at < before;
            limit -= is_old ? 1 : 0;
            row = is_old ? state_->answers.erase(row) : std::next(row);
        }
        return success();
    }

    Result<void> set(std::string_view setting, std::string_view value) override {
        state_->settings.insert_or_assign(std::string(setting), std::string(value));
        return success();
    }

    Result<void> commit() override {
        SILLAGE_ASSERT(state_ != nullptr);
        ties_.committed = std::exchange(state_, nullptr);
        if (!writes_.empty()) {
            ties_.witness(writes_);
        }
        return success();
    }

  private:
    MemoryTransaction(std::shared_ptr<MemoryState> state, Ties ties)
        : Reading(state), state_(std::move(state)), ties_(std::move(ties)) {}

    Result<void> check_sequence(const std::string& id, std::uint64_t sequence) {
        const auto before = state_->instances.find(id);
        const std::uint64_t at = before == state_->instances.end() ? 0 : before->second->sequence;
        if (sequence != at + 1) {
            return conflict(fmt::format("{} is at sequence {}.", id, at));
        }
        return success();
    }

    Result<void> take_key(const InstanceRecord& instance) {
        if (instance.key.empty()) {
            return success();
        }
        const auto [row, added] =
            state_->keys.emplace(std::pair(instance.workflow, instance.key), instance.id);
        if (!added && row->second != instance.id) {
            return conflict(fmt::format("The key \"{}\" is {}'s.", instance.key, row->second));
        }
        return success();
    }

    Result<void> take_place(const InstanceRecord& instance) {
        if (!instance.parent) {
            return success();
        }
        const auto [row, added] = state_->children.emplace(
            std::pair(instance.parent->instance, instance.parent->serial), instance.id);
        if (!added && row->second != instance.id) {
            return conflict(fmt::format("Child {} of {} is {}.", instance.parent->serial,
                                        instance.parent->instance, row->second));
        }
        return success();
    }

    Result<void> take_lookup(const Record& record, const Record* before) {
        const auto taken = state_->lookups.find({record.kind, record.lookup});
        if (taken != state_->lookups.end() && taken->second != record.id) {
            return conflict(fmt::format("What {} is found by is taken.", record.id));
        }
        if (before != nullptr) {
            state_->lookups.erase({record.kind, before->lookup});
        }
        if (!record.lookup.empty()) {
            state_->lookups.emplace(std::pair(record.kind, record.lookup), record.id);
        }
        return success();
    }

    std::shared_ptr<MemoryState> state_;
    Ties ties_;
    /// For the witness.
    std::vector<WritePointer> writes_;
};

}  // namespace

MemoryStore::MemoryStore() : committed_(std::make_shared<MemoryState>()) {}
MemoryStore::~MemoryStore() = default;

Result<std::unique_ptr<ReadView>> MemoryStore::read() {
    return std::make_unique<Reading<ReadView>>(committed_);
}

Result<std::unique_ptr<Transaction>> MemoryStore::begin() {
    if (!open_.expired()) {
        return Error{.code = ErrorCode::unavailable, .message = "A transaction is open."};
    }
    const auto open = std::make_shared<char>();
    open_ = open;
    return std::make_unique<MemoryTransaction>(
        MemoryTransaction::Ties{.committed = committed_, .witness = witness_, .open = open});
}

Result<void> MemoryStore::ready() { return success(); }

Result<std::uint64_t> MemoryStore::watch(DurableWitness witness) {
    witness_ = std::move(witness);
    return std::uint64_t{committed_->log.size()};
}

std::uint64_t MemoryStore::registry_revision() const { return committed_->record_count; }

}  // namespace sillage
