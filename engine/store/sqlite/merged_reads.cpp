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
/// Rows of instances with timers that are read at a time, and how often in one look: about a
/// millisecond's work.
constexpr std::size_t timers_page = 64;
constexpr std::size_t timers_pages_max = 16;
/// Wakes that wait to be put right; a look goes no further until there are less.
constexpr std::size_t corrections_max = 4'096;

}  // namespace

void Shared::show(WritePointer write) {
    window.hide(write->instance->id);
    overlay.add(std::move(write));
}

void Shared::show(Overlay accepted) {
    for (const auto& [id, pending] : accepted.instances()) {
        window.hide(id);
    }
    overlay.take(std::move(accepted));
}

void Shared::note_projected(const std::string& instance, std::uint64_t sequence) {
    if (const Pending* const pending = overlay.find(instance)) {
        const auto write = std::ranges::find(
            *pending, sequence, [](const WritePointer& one) { return one->entry.sequence; });
        if (write != pending->end()) {
            window.put(instance, (*write)->timers, *write != pending->back());
        }
    }
    overlay.drop(instance, sequence);
    note_sequence(instance, sequence);
}

void Shared::note_sequence(const std::string& instance, std::uint64_t sequence) {
    if (sequences.size() >= sequences_max) {
        sequences.clear();
    }
    sequences.insert_or_assign(instance, sequence);
}

void Shared::forget_tables() {
    sequences.clear();
    window.clear();
    corrections.clear();
    correction_count = 0;
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
        shared_.note_sequence(instance, stored);
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

template <class Visit>
void MergedReads::visit_timers(const Visit& visit) {
    const TimerWindow& window = shared_.window;
    std::size_t index = 0;
    for (const FirstTimers::One& one : window.order()) {
        const bool is_shown = own_ == nullptr || own_->find(*one.instance) == nullptr;
        if (is_shown && !visit(index++, one, window.timers_of(*one.instance))) {
            break;
        }
    }
    for (const Overlay* overlay : overlays()) {
        index = 0;
        for (const FirstTimers::One& one : overlay->timers()) {
            if (!is_newer_elsewhere(*overlay, *one.instance) &&
                !visit(index++, one, overlay->find(*one.instance)->back()->timers)) {
                break;
            }
        }
    }
}

bool MergedReads::knows_timers(Instant until, std::size_t limit) {
    const std::optional<TimerRow>& rest = shared_.window.rest();
    if (!rest || rest->timer.due > until) {
        return true;
    }
    const FirstTimers::One unread{.timer = rest->timer, .instance = &rest->instance};
    std::size_t count = 0;
    visit_timers([&](std::size_t, const FirstTimers::One& one, const auto&) {
        const bool is_known = fires_before(one, unread);
        count += static_cast<std::size_t>(is_known);
        return is_known && count < limit;
    });
    return count >= limit;
}

Result<void> MergedReads::read_timers() {
    TimerWindow& window = shared_.window;
    SILLAGE_TRY(auto page, reads_->log.waking_after(window.reached(), timers_page));
    const bool is_full = page.size() == timers_page;
    auto corrections = window.add(std::move(page), is_full, [&](const std::string& instance) {
        return shared_.overlay.find(instance) != nullptr;
    });
    shared_.correction_count += corrections.size();
    std::ranges::move(corrections, std::back_inserter(shared_.corrections));
    return success();
}

Result<DueTimers> MergedReads::due_timers(Instant until, std::size_t limit) {
    for (std::size_t pages = 0; pages < timers_pages_max && !knows_timers(until, limit) &&
                                shared_.correction_count < corrections_max;
         ++pages) {
        SILLAGE_TRY(read_timers());
    }
    // An instance fires nothing before its first timer, so `limit` of them are enough.
    DueTimers due;
    visit_timers([&](std::size_t index, const FirstTimers::One& one, const auto& timers) {
        for (const StoredTimer& timer : timers) {
            if (timer.due <= until) {
                due.rows.push_back({.instance = *one.instance, .timer = timer});
            }
        }
        return one.timer.due <= until && index + 1 < limit;
    });
    std::ranges::sort(due.rows, [](const auto& a, const auto& b) { return fires_before(a, b); });
    due.rows.resize(std::min(due.rows.size(), limit));
    if (!knows_timers(until, limit)) {
        const TimerRow& rest = *shared_.window.rest();
        std::erase_if(due.rows, [&](const TimerRow& row) { return !fires_before(row, rest); });
        due.cut_at = rest.timer.due;
    }
    return due;
}

Result<std::optional<Instant>> MergedReads::next_due() {
    if (shared_.window.is_new()) {
        SILLAGE_TRY(read_timers());
    }
    std::optional<Instant> next;
    const auto consider = [&](Instant due) { next = std::min(next.value_or(due), due); };
    visit_timers([&](std::size_t, const FirstTimers::One& one, const auto&) {
        consider(one.timer.due);
        return false;
    });
    if (shared_.window.rest()) {
        consider(shared_.window.rest()->timer.due);
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
