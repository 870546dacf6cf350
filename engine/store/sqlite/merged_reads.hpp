#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store/sqlite/overlay.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/timer_window.hpp"

namespace sillage {

/// Latest revisions of records. Nothing changes one but a transaction of this store, which clears
/// it.
struct RecordCache {
    using Map = std::map<std::pair<RecordKind, std::string>, Record>;
    /// By kind and id, and by kind and look-up.
    Map by_id = {};
    Map by_lookup = {};
    /// As of Store::registry_revision.
    std::uint64_t revision = 0;

    void clear() {
        by_id.clear();
        by_lookup.clear();
        ++revision;
    }
};

/// What every view of a store sees before the tables.
struct Shared {
    Overlay overlay = {};
    /// Of the last entry on the disk.
    std::uint64_t durable_position = 0;
    /// As of Store.
    bool needs_sync = false;
    RecordCache records = {};
    /// The sequence that the table has of an instance, as far as it is known.
    std::unordered_map<std::string, std::uint64_t> sequences = {};
    /// The timers of the tables, and what is to be put right there; so many are not done yet.
    TimerWindow window = {};
    std::vector<WakeCorrection> corrections = {};
    std::size_t correction_count = 0;

    void show(WritePointer write);
    void show(Overlay accepted);
    /// The tables have that of the instance now; what views showed of it before them is dropped.
    void note_projected(const std::string& instance, std::uint64_t sequence);
    void note_sequence(const std::string& instance, std::uint64_t sequence);
    /// The tables are not what they were.
    void forget_tables();
};

/// The look-ups that merge tables and overlays. What they give is consistent as long as nothing is
/// accepted in between.
class MergedReads {
  public:
    /// `own`: what the asking transaction has written; null for a view.
    MergedReads(Reads& reads, Shared& shared, const Overlay* own)
        : reads_(&reads), common_(&reads), shared_(shared), own_(own) {}

    [[nodiscard]] Reads& tables() { return *reads_; }
    /// Asks another connection from here on.
    void use(Reads& reads) { reads_ = &reads; }
    void note_shown(std::string_view instance) { static_cast<void>(pending(instance)); }

    Result<std::uint64_t> sequence(std::string_view id);
    Result<std::optional<InstanceRecord>> instance(std::string_view id);
    Result<std::optional<InstanceRecord>> instance_by_key(std::string_view workflow,
                                                          std::string_view key);
    Result<std::optional<InstanceRecord>> child(std::string_view parent, std::uint64_t serial);
    Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                         std::optional<std::uint64_t> revision);
    Result<std::optional<Record>> record_by_lookup(RecordKind kind, std::string_view lookup);
    Result<std::vector<InstanceRecord>> instances(const InstanceFilter& filter);
    Result<std::vector<Entry>> entries(std::string_view instance, std::uint64_t sequence,
                                       std::size_t limit);
    Result<DueTimers> due_timers(Instant until, std::size_t limit);
    Result<std::optional<Instant>> next_due();
    Result<std::optional<StoredAnswer>> answer(std::string_view scope, std::string_view key);

  private:
    /// The overlays that know of the instance, the older one first.
    [[nodiscard]] std::vector<const Pending*> pending(std::string_view instance);
    /// The latest record in the overlays; null: the tables are right.
    const InstanceRecord* latest(std::string_view instance);
    /// The newer one first.
    [[nodiscard]] std::vector<const Overlay*> overlays() const {
        return own_ == nullptr ? std::vector<const Overlay*>{&shared_.overlay}
                               : std::vector<const Overlay*>{own_, &shared_.overlay};
    }
    /// Whether the transaction has written what this overlay shows of the instance anew.
    [[nodiscard]] bool is_newer_elsewhere(const Overlay& overlay, std::string_view id) const {
        return &overlay != own_ && own_ != nullptr && own_->find(id) != nullptr;
    }
    bool is_shadowed(std::string_view instance) {
        return shared_.overlay.find(instance) != nullptr ||
               (own_ != nullptr && own_->find(instance) != nullptr);
    }
    void note(const Pending& shown) {
        const std::uint64_t position = shown.back()->entry.position;
        shared_.needs_sync = shared_.needs_sync || position > shared_.durable_position;
    }
    /// `ask`, unless it is known. One that changes the registry asks every time.
    template <class Ask>
    Result<std::optional<Record>> cached(RecordCache::Map& cache,
                                         std::pair<RecordKind, std::string> key, const Ask& ask);
    /// Calls `visit` for the tables and then each overlay: with the instances that have timers and
    /// are not shown otherwise elsewhere, counted from 0, the first to fire at first, until it
    /// gives false.
    template <class Visit>
    void visit_timers(const Visit& visit);
    /// Whether the first `limit` timers due by then are known.
    bool knows_timers(Instant until, std::size_t limit);
    /// Reads a page of the tables' timers.
    Result<void> read_timers();
    Result<std::string> search_of(const std::string& company);

    Reads* reads_;
    /// What was asked before another connection was.
    const Reads* common_;
    Shared& shared_;
    const Overlay* own_;
};

}  // namespace sillage
