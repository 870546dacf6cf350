#include "engine/store/sqlite/merged_reads.hpp"

#include <algorithm>

#include "engine/store/entry_json.hpp"
#include "engine/store/search_text.hpp"

namespace sillage {
namespace {

/// Records kept of each kind of look-up. Chosen: the companies of a large cluster and its accounts.
constexpr std::size_t records_max = 10'000;

/// Instances whose sequence is remembered. Chosen: 10 MB, more than are busy at once.
constexpr std::size_t sequences_max = 100'000;
/// Timers that are looked through for the first that still stands.
constexpr std::size_t first_timers_max = 64;

}  // namespace

void Shared::note_table(const std::string& instance, std::uint64_t sequence) {
    if (sequences.size() >= sequences_max) {
        sequences.clear();
    }
    sequences.insert_or_assign(instance, sequence);
}

void Shared::forget_tables() {
    sequences.clear();
    first_timers.reset();
}

std::vector<const Pending*> MergedReads::pending(std::string_view instance) {
    std::vector<const Pending*> found;
    if (const Pending* shared = shared_.overlay.find(instance)) {
        note(*shared);
        found.push_back(shared);
    }
    if (const Pending* own = own_ == nullptr ? nullptr : own_->find(instance)) {
        found.push_back(own);
    }
    return found;
}

const InstanceRecord* MergedReads::latest(std::string_view instance) {
    const auto found = pending(instance);
    return found.empty() ? nullptr : &*found.back()->back()->instance;
}

Result<std::uint64_t> MergedReads::sequence(std::string_view id) {
    if (const InstanceRecord* record = latest(id)) {
        return record->sequence;
    }
    std::string instance(id);
    const auto known = shared_.sequences.find(instance);
    if (known != shared_.sequences.end()) {
        return known->second;
    }
    SILLAGE_TRY(const std::uint64_t stored, reads_->instances.sequence(id));
    if (stored > 0) {
        shared_.note_table(instance, stored);
    }
    return stored;
}

Result<std::optional<InstanceRecord>> MergedReads::instance(std::string_view id) {
    if (const InstanceRecord* record = latest(id)) {
        return *record;
    }
    return reads_->instances.one(id);
}

Result<std::optional<InstanceRecord>> MergedReads::instance_by_key(std::string_view workflow,
                                                                   std::string_view key) {
    for (const Overlay* overlay : overlays()) {
        const Pending* found = overlay->find_key(workflow, key);
        if (found != nullptr) {
            return instance(found->back()->instance->id);
        }
    }
    SILLAGE_TRY(auto stored, reads_->instances.by_key(workflow, key));
    return stored ? instance(stored->id) : std::move(stored);
}

Result<std::optional<InstanceRecord>> MergedReads::child(std::string_view parent,
                                                         std::uint64_t serial) {
    for (const Overlay* overlay : overlays()) {
        const Pending* found = overlay->find_child(parent, serial);
        if (found != nullptr) {
            return instance(found->back()->instance->id);
        }
    }
    SILLAGE_TRY(auto stored, reads_->instances.child(parent, serial));
    return stored ? instance(stored->id) : std::move(stored);
}

template <class Ask>
Result<std::optional<Record>> MergedReads::cached(RecordCache::Map& cache,
                                                  std::pair<RecordKind, std::string> key,
                                                  const Ask& ask) {
    if (reads_ != common_) {
        return ask();
    }
    const auto known = cache.find(key);
    if (known != cache.end()) {
        return known->second;
    }
    SILLAGE_TRY(std::optional<Record> found, ask());
    if (found) {
        if (cache.size() >= records_max) {
            cache.clear();
        }
        cache.emplace(std::move(key), *found);
    }
    return found;
}

Result<std::optional<Record>> MergedReads::record(RecordKind kind, std::string_view id,
                                                  std::optional<std::uint64_t> revision) {
    if (revision) {
        return reads_->registry.record(kind, id, revision);
    }
    return cached(shared_.records.by_id, {kind, std::string(id)},
                  [&] { return reads_->registry.record(kind, id, std::nullopt); });
}

Result<std::optional<Record>> MergedReads::record_by_lookup(RecordKind kind,
                                                            std::string_view lookup) {
    return cached(shared_.records.by_lookup, {kind, std::string(lookup)},
                  [&] { return reads_->registry.record_by_lookup(kind, lookup); });
}

Result<std::string> MergedReads::search_of(const std::string& company) {
    SILLAGE_TRY(const auto record, this->record(RecordKind::company, company, std::nullopt));
    return record ? search_text(*record) : std::string();
}

Result<std::vector<InstanceRecord>> MergedReads::instances(const InstanceFilter& filter) {
    std::vector<InstanceRecord> found;
    InstanceFilter stored = filter;
    for (;;) {
        SILLAGE_TRY(auto page, reads_->instances.list(stored));
        const bool is_last = page.size() < filter.limit;
        stored.after = is_last ? std::string() : page.back().id;
        for (InstanceRecord& record : page) {
            if (!is_shadowed(record.id)) {
                found.push_back(std::move(record));
            }
        }
        if (is_last || found.size() >= filter.limit) {
            break;
        }
    }
    std::optional<Error> error;
    const auto search = [&](const std::string& company) {
        Result<std::string> text = search_of(company);
        if (!text) {
            error = text.error();
        }
        return text ? std::move(text).value() : std::string();
    };
    for (const Overlay* overlay : overlays()) {
        for (const auto& [id, pending] : overlay->instances()) {
            if (!is_newer_elsewhere(*overlay, id) &&
                is_selected(pending.back()->instance, filter, search)) {
                note(pending);
                found.push_back(pending.back()->instance);
            }
        }
    }
    if (error) {
        return *std::move(error);
    }
    std::ranges::sort(found, {}, &InstanceRecord::id);
    found.resize(std::min(found.size(), filter.limit));
    return found;
}

Result<std::vector<Entry>> MergedReads::entries(std::string_view instance, std::uint64_t sequence,
                                                std::size_t limit) {
    SILLAGE_TRY(auto found, reads_->log.entries(instance, sequence, limit));
    std::uint64_t last = found.empty() ? sequence : found.back().sequence;
    for (const Pending* pending : pending(instance)) {
        for (const WritePointer& write : *pending) {
            if (found.size() < limit && write->entry.sequence > last) {
                SILLAGE_TRY(found.emplace_back(), stored_entry(*write));
                last = write->entry.sequence;
            }
        }
    }
    return found;
}

Result<std::vector<TimerRow>> MergedReads::stored_timers(Instant until, std::size_t limit) {
    // Shadowed ones may come first: the look doubles until enough others show.
    for (std::size_t asked = limit;; asked *= 2) {
        SILLAGE_TRY(auto rows, reads_->log.due_timers(until, asked));
        const bool is_all = rows.size() < asked;
        std::erase_if(rows, [&](const TimerRow& row) { return is_shadowed(row.instance); });
        if (is_all || rows.size() >= limit) {
            return rows;
        }
    }
}

Result<std::vector<TimerRow>> MergedReads::due_timers(Instant until, std::size_t limit) {
    SILLAGE_TRY(auto rows, stored_timers(until, limit));
    for (const Overlay* overlay : overlays()) {
        std::size_t count = 0;
        for (const TimerRow& row : overlay->timers()) {
            if (row.due > until || count == limit) {
                break;
            }
            if (!is_newer_elsewhere(*overlay, row.instance)) {
                rows.push_back(row);
                ++count;
            }
        }
    }
    std::ranges::sort(rows, fires_before);
    rows.resize(std::min(rows.size(), limit));
    return rows;
}

Result<std::optional<Instant>> MergedReads::next_due() {
    if (!shared_.first_timers) {
        SILLAGE_TRY(shared_.first_timers, reads_->log.due_timers(instant_max, first_timers_max));
    }
    const std::vector<TimerRow>& first = *shared_.first_timers;
    const auto stored = std::ranges::find_if(
        first, [&](const TimerRow& row) { return !is_shadowed(row.instance); });
    if (own_ != nullptr || (stored == first.end() && first.size() == first_timers_max)) {
        SILLAGE_TRY(const auto rows, due_timers(instant_max, 1));
        return rows.empty() ? std::nullopt : std::optional(rows.front().due);
    }
    std::optional<Instant> next;
    if (stored != first.end()) {
        next = stored->due;
    }
    const auto& accepted = shared_.overlay.timers();
    if (!accepted.empty()) {
        next = std::min(next.value_or(instant_max), accepted.begin()->due);
    }
    return next;
}

Result<std::optional<StoredAnswer>> MergedReads::answer(std::string_view scope,
                                                        std::string_view key) {
    for (const Overlay* overlay : overlays()) {
        const AnswerPointer found = overlay->find_answer(scope, key);
        if (found != nullptr) {
            shared_.needs_sync = shared_.needs_sync || overlay != own_;
            return *found;
        }
    }
    return reads_->registry.answer(scope, key);
}

}  // namespace sillage
