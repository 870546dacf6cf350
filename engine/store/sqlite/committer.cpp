#include "engine/store/sqlite/committer.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "engine/base/fault.hpp"

namespace sillage {
namespace {

/// Entries after which the tables are brought after the log. The more there are, the more of them
/// are an instance's, or lie on one page. While they are brought, half as many come again: those
/// 20,000 are the most that a start has to replay.
constexpr std::size_t plan_after_entries = 13'000;
/// The same in time, and half of it: with what a batch takes, a second.
constexpr std::chrono::milliseconds plan_after{600};
constexpr std::chrono::milliseconds plan_time{300};
/// Without a batch for so long the tables are brought up to the log.
constexpr std::chrono::milliseconds idle_after{3};
/// Instances brought at a time: the most take half a millisecond, which is what a batch may have to
/// wait for it; less than the least are not worth a transaction.
constexpr std::size_t slice_instances_max = 64;
constexpr std::size_t slice_instances_min = 16;
/// Between attempts to write a slice on a full disk.
constexpr std::chrono::milliseconds full_wait{1'000};

}  // namespace

Committer::Committer(Writer& writer, std::uint64_t durable_position, CommitObserver on_commit)
    : writer_(writer),
      durable_position_(durable_position),
      on_commit_(std::move(on_commit)),
      thread_([this] { run(); }) {}

Committer::~Committer() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Committer::submit(Batch batch) {
    if (is_broken(Breakage::ack_before_commit) && batch.done) {
        std::exchange(batch.done, nullptr)(success());
    }
    if (is_broken(Breakage::sse_before_commit)) {
        show(batch.writes);
    }
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(batch));
    }
    changed_.notify_all();
}

void Committer::submit(std::vector<WakeCorrection> corrections) {
    const std::lock_guard lock(mutex_);
    std::ranges::move(corrections, std::back_inserter(corrections_));
}

bool Committer::has_corrections() {
    const std::lock_guard lock(mutex_);
    return !corrections_.empty();
}

std::vector<WakeCorrection> Committer::take_corrections() {
    const std::lock_guard lock(mutex_);
    const auto end = corrections_.begin() + static_cast<std::ptrdiff_t>(
                                                std::min(corrections_.size(), slice_instances_max));
    std::vector<WakeCorrection> taken(std::make_move_iterator(corrections_.begin()),
                                      std::make_move_iterator(end));
    corrections_.erase(corrections_.begin(), end);
    return taken;
}

std::unique_lock<std::mutex> Committer::take_writer() {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return queue_.empty() && !is_busy_; });
    }
    return std::unique_lock(writer_mutex_);
}

void Committer::add_durable(const std::vector<WritePointer>& writes) {
    if (!writes.empty()) {
        durable_position_ = std::max(durable_position_.load(), writes.back()->entry.position);
        add_backlog(writes);
    }
    changed_.notify_all();
}

Committer::Progress Committer::progress() {
    const std::lock_guard lock(mutex_);
    has_news_ = failure_.has_value();
    return std::exchange(progress_, {});
}

std::optional<Error> Committer::failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
}

void Committer::forget() {
    const auto taken = take_writer();
    backlog_.clear();
    plan_.clear();
    backlog_entry_count_ = 0;
    const std::lock_guard lock(mutex_);
    failure_.reset();
    progress_ = {};
    corrections_.clear();
}

void Committer::run() {
    std::chrono::milliseconds wait = idle_after;
    for (;;) {
        std::optional<Batch> batch;
        bool is_last = false;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, wait, [&] { return is_stopping_ || !queue_.empty(); });
            if (!queue_.empty()) {
                batch = std::move(queue_.front());
                queue_.pop_front();
                is_busy_ = true;
            }
            is_last = is_stopping_ && queue_.empty();
        }
        const bool was_asked = batch.has_value();
        const std::size_t entry_count = was_asked ? batch->writes.size() : 0;
        if (was_asked) {
            process(*std::move(batch));
        }
        const std::lock_guard lock(writer_mutex_);
        const bool could_slice = follow(entry_count, is_last);
        if (is_last) {
            return;
        }
        const bool is_idle = !was_asked && (!plan_.empty() || has_corrections());
        wait = !could_slice ? full_wait : is_idle ? std::chrono::milliseconds(0) : idle_after;
    }
}

bool Committer::follow(std::size_t entry_count, bool is_last) {
    if (plan_.empty() && (entry_count == 0 || is_last || is_plan_due())) {
        make_plan();
    }
    plan_followers_ += entry_count;
    std::size_t due = due_instances(entry_count, is_last);
    while ((due > 0 && !plan_.empty()) || has_corrections()) {
        const std::size_t count = std::min({due, plan_.size(), slice_instances_max});
        // What the WAL can still take is for the log; a start does what is left undone here.
        if (writer_.is_crowded() && !writer_.ready()) {
            return false;
        }
        if (!write_slice(count)) {
            return false;
        }
        due -= count;
        if (is_last && plan_.empty()) {
            make_plan();
            due = plan_.size();
        } else if (due == 0) {
            break;
        }
    }
    writer_.checkpoint_when_due();
    return true;
}

std::size_t Committer::due_instances(std::size_t entry_count, bool is_last) const {
    if (is_last || backlog_entry_count_ >= plan_after_entries) {
        return plan_.size();
    }
    if (entry_count == 0) {
        return slice_instances_max;
    }
    // All of the plan by the time that half as many entries have come as it has, or so long.
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - plan_since_);
    const std::size_t by_time = plan_instance_count_ * static_cast<std::size_t>(elapsed.count()) /
                                static_cast<std::size_t>(plan_time.count());
    const std::size_t by_entries =
        2 * plan_followers_ * plan_instance_count_ / std::max<std::size_t>(plan_entry_count_, 1);
    const std::size_t target = std::max(by_time, by_entries);
    const std::size_t written = plan_instance_count_ - plan_.size();
    const std::size_t due = target - std::min(target, written);
    return due < std::min(slice_instances_min, plan_.size()) ? 0 : due;
}

void Committer::process(Batch batch) {
    std::optional<Error> failed = failure();
    Result<void> written = failed ? Result<void>(*std::move(failed)) : write(batch);
    {
        const std::lock_guard lock(mutex_);
        if (written) {
            std::ranges::move(batch.answers, std::back_inserter(progress_.answers));
            has_news_ = has_news_ || !batch.answers.empty();
        } else {
            failure_ = written.error();
            has_news_ = true;
        }
    }
    if (batch.done) {
        batch.done(std::move(written));
    }
    {
        const std::lock_guard lock(mutex_);
        is_busy_ = false;
    }
    changed_.notify_all();
}

Result<void> Committer::write(const Batch& batch) {
    if (batch.writes.empty() && batch.answers.empty() && batch.prune_limit == 0) {
        return success();
    }
    const std::lock_guard lock(writer_mutex_);
    const Clock::time_point began = std::chrono::steady_clock::now();
    SILLAGE_TRY(writer_.begin(Writer::Sync::full));
    Result<void> written = writer_.write([&](Writes& writes) -> Result<void> {
        for (const WritePointer& write : batch.writes) {
            SILLAGE_TRY(writes.append(*write));
        }
        for (const AnswerPointer& answer : batch.answers) {
            SILLAGE_TRY(writes.put(*answer));
        }
        return batch.prune_limit == 0 ? success()
                                      : writes.prune_answers(batch.prune_before, batch.prune_limit);
    });
    if (!written) {
        writer_.roll_back();
        return written;
    }
    const Clock::time_point written_at = std::chrono::steady_clock::now();
    SILLAGE_TRY(writer_.commit());
    if (on_commit_) {
        const Clock::time_point ended = std::chrono::steady_clock::now();
        on_commit_(CommitTimes{.entry_count = batch.writes.size(),
                               .whole = ended - began,
                               .sync = ended - written_at});
    }
    if (!batch.writes.empty()) {
        durable_position_ = batch.writes.back()->entry.position;
    }
    add_backlog(batch.writes);
    if (!is_broken(Breakage::sse_before_commit)) {
        show(batch.writes);
    }
    return success();
}

void Committer::add_backlog(const std::vector<WritePointer>& writes) {
    if (backlog_.empty()) {
        backlog_since_ = std::chrono::steady_clock::now();
    }
    for (const WritePointer& write : writes) {
        backlog_[write->instance->id].push_back(write);
    }
    backlog_entry_count_ += writes.size();
    if (!writes.empty()) {
        backlog_position_ = writes.back()->entry.position;
    }
}

bool Committer::is_plan_due() const {
    return !backlog_.empty() && (backlog_entry_count_ >= plan_after_entries ||
                                 std::chrono::steady_clock::now() - backlog_since_ >= plan_after);
}

void Committer::make_plan() {
    for (auto& [id, pending] : std::exchange(backlog_, {})) {
        plan_.push_back(std::move(pending));
    }
    plan_instance_count_ = plan_.size();
    plan_entry_count_ = std::exchange(backlog_entry_count_, 0);
    plan_followers_ = 0;
    plan_since_ = std::chrono::steady_clock::now();
    plan_position_ = backlog_position_;  // what a start still restores is on the disk, too
    std::ranges::sort(
        plan_, std::ranges::greater(),
        [](const Pending& pending) -> const auto& { return pending.back()->instance->id; });
}

bool Committer::write_slice(std::size_t count) {
    std::vector<WakeCorrection> corrections = take_corrections();
    const Result<void> written = write_rows(count, corrections);
    if (!written) {
        writer_.roll_back();
        const std::lock_guard lock(mutex_);
        if (written.error().code != ErrorCode::storage_full) {
            failure_ = written.error();
            has_news_ = true;
        }
        std::ranges::move(corrections, std::back_inserter(corrections_));
        return false;
    }
    // Whoever lets go of a write last frees it, which better is this thread.
    retired_[0] = std::exchange(retired_[1], {});
    const auto first = plan_.end() - static_cast<std::ptrdiff_t>(count);
    retired_[1].assign(std::make_move_iterator(first), std::make_move_iterator(plan_.end()));
    plan_.erase(first, plan_.end());
    {
        const std::lock_guard lock(mutex_);
        progress_.correction_count += corrections.size();
        for (const Pending& pending : retired_[1]) {
            const WritePointer& last = pending.back();
            progress_.instances.emplace_back(last->instance->id, last->entry.sequence);
        }
        has_news_ = true;
    }
    writer_.checkpoint_when_due();
    return true;
}

Result<void> Committer::write_rows(std::size_t count, std::span<const WakeCorrection> corrections) {
    // Not synced: whatever is lost of it follows from the log, which is.
    SILLAGE_TRY(writer_.begin(Writer::Sync::none));
    SILLAGE_TRY(writer_.write([&](Writes& writes) -> Result<void> {
        for (auto next = plan_.end(); next != plan_.end() - static_cast<std::ptrdiff_t>(count);) {
            SILLAGE_TRY(writes.project(*--next));
        }
        for (const WakeCorrection& correction : corrections) {
            SILLAGE_TRY(writes.correct(correction));
        }
        return count > 0 && count == plan_.size()
                   ? writes.set(projected_setting, std::to_string(plan_position_))
                   : success();
    }));
    return writer_.commit();
}

}  // namespace sillage
