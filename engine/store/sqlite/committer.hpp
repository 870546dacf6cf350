#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store/sqlite/commit_times.hpp"
#include "engine/store/sqlite/overlay.hpp"
#include "engine/store/sqlite/timer_window.hpp"
#include "engine/store/sqlite/writer.hpp"

namespace sillage {

/// Writes that become durable together.
struct Batch {
    /// In order of their entries' positions.
    std::vector<WritePointer> writes = {};
    std::vector<AnswerPointer> answers = {};
    /// Of the texts in both.
    std::size_t bytes = 0;
    /// Answers older than that are dropped, so many at most.
    Instant prune_before = {};
    std::size_t prune_limit = 0;
    /// Called once, by the committer's thread.
    std::function<void(Result<void>)> done = {};
};

/// The thread that puts batches on the disk, one synced commit each, and between them brings the
/// tables after the log, a slice of instances at a time.
class Committer {
  public:
    /// Starts the thread. `writer` is prepared, and touched by this thread alone from here on, but
    /// for whoever takes it.
    Committer(Writer& writer, std::uint64_t durable_position, CommitObserver on_commit = {});
    /// Finishes what is queued, brings the tables up to the log if it can, ends the thread.
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    void submit(Batch batch);
    /// Puts wakes right when there is time, with the tables.
    void submit(std::vector<WakeCorrection> corrections);

    /// As Store::watch. With the writer taken.
    void watch(DurableWitness witness) { witness_ = std::move(witness); }
    /// Shows it what has become durable otherwise than by a batch. With the writer taken.
    void show(std::span<const WritePointer> writes) {
        if (witness_ && !writes.empty()) {
            witness_(writes);
        }
    }

    /// Waits until nothing is queued; then the writer is the caller's as long as it holds the lock.
    [[nodiscard]] std::unique_lock<std::mutex> take_writer();
    /// Entries that are on the disk already, and not in the tables. With the writer taken.
    void add_durable(const std::vector<WritePointer>& writes);

    /// What the tables have got since the last call.
    struct Progress {
        /// Instances, and the last of their entries that the tables have.
        std::vector<std::pair<std::string, std::uint64_t>> instances = {};
        std::vector<AnswerPointer> answers = {};
        /// How many of the wakes it was given.
        std::size_t correction_count = 0;
    };
    [[nodiscard]] Progress progress();
    /// Whether `progress` or `failure` has something to tell; costs next to nothing.
    [[nodiscard]] bool has_news() const { return has_news_; }
    /// Of the last entry on the disk.
    [[nodiscard]] std::uint64_t durable_position() const { return durable_position_; }

    /// Why nothing is written: until `forget` after storage_full, else for good.
    [[nodiscard]] std::optional<Error> failure();
    /// Drops what was to come after a batch that found the disk full, the tables' backlog too.
    void forget();

  private:
    void run();
    void process(Batch batch);
    [[nodiscard]] Result<void> write(const Batch& batch);
    void add_backlog(const std::vector<WritePointer>& writes);
    /// Whether the tables lack something, that is not in the plan, for too long.
    [[nodiscard]] bool is_plan_due() const;
    /// Brings some of the plan into the tables after a batch of so many entries; all of it, and of
    /// the backlog, at the end. Gives whether it could.
    bool follow(std::size_t entry_count, bool is_last);
    void make_plan();
    /// Instances of the plan that a batch of so many entries is followed by.
    [[nodiscard]] std::size_t due_instances(std::size_t entry_count, bool is_last) const;
    /// So many instances of the plan, and wakes. Gives whether it could.
    bool write_slice(std::size_t count);
    [[nodiscard]] Result<void> write_rows(std::size_t count,
                                          std::span<const WakeCorrection> corrections);
    [[nodiscard]] bool has_corrections();
    /// As many as a slice has room for.
    [[nodiscard]] std::vector<WakeCorrection> take_corrections();

    Writer& writer_;
    std::atomic<std::uint64_t> durable_position_;
    std::atomic<bool> has_news_ = false;

    std::mutex mutex_;  ///< guards what follows
    std::condition_variable changed_;
    std::deque<Batch> queue_;
    std::deque<WakeCorrection> corrections_;
    bool is_busy_ = false;
    bool is_stopping_ = false;
    std::optional<Error> failure_;
    Progress progress_;

    std::mutex writer_mutex_;  ///< guards the writer, and what follows
    using Clock = std::chrono::steady_clock;

    DurableWitness witness_;
    const CommitObserver on_commit_;

    /// What the tables lack, by instance, and since when.
    std::unordered_map<std::string, Pending> backlog_;
    std::size_t backlog_entry_count_ = 0;
    Clock::time_point backlog_since_ = {};
    std::uint64_t backlog_position_ = 0;
    /// What is being brought into them, those of neighbouring rows beside each other, the next one
    /// last; and the position up to which the tables have everything then.
    std::vector<Pending> plan_;
    std::uint64_t plan_position_ = 0;
    /// What it had at first, how many entries have come since, and since when that is.
    std::size_t plan_instance_count_ = 0;
    std::size_t plan_entry_count_ = 0;
    std::size_t plan_followers_ = 0;
    Clock::time_point plan_since_ = {};
    /// Of the last two slices: kept until views have most likely let go of it.
    std::array<std::vector<Pending>, 2> retired_;

    std::thread thread_;
};

}  // namespace sillage
