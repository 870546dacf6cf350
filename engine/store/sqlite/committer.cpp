#include "engine/store/sqlite/committer.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "engine/base/fault.hpp"

namespace sillage {
namespace {

/// Batches without a pause after which the tables are brought after the log: with what is idle, a
/// second at the most. The more there is, the more lies on one page.
constexpr std::size_t plan_after_batches = 330;
/// The same in entries; twice as many are the most that a start has to replay.
constexpr std::size_t plan_after_entries = 10'000;
/// Instances brought at a time: half a millisecond, which is what a batch may have to wait for it.
constexpr std::size_t slice_instances = 32;
/// Without a batch for so long the tables are brought up to the log.
constexpr std::chrono::milliseconds idle_after{3};
/// Between attempts to write a slice on a full disk.
constexpr std::chrono::milliseconds full_wait{1'000};

}  // namespace

Committer::Committer(Writer& writer, std::uint64_t durable_position)
    : writer_(writer), durable_position_(durable_position), thread_([this] { run(); }) {}

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
    const auto end = corrections_.begin() +
                     static_cast<std::ptrdiff_t>(std::min(corrections_.size(), slice_instances));
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
    backlog_batch_count_ = 0;
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
        const std::size_t entry_count = batch ? batch->writes.size() : 0;
        if (batch) {
            process(*std::move(batch));
        }
        const std::lock_guard lock(writer_mutex_);
        const bool could_slice = follow(entry_count, is_last);
        if (is_last) {
            return;
        }
        const bool is_idle = !batch && (!plan_.empty() || has_corrections());
        wait = !could_slice ? full_wait : is_idle ? std::chrono::milliseconds(0) : idle_after;
    }
}

bool Committer::follow(std::size_t entry_count, bool is_last) {
    if (plan_.empty() && (entry_count == 0 || is_last || is_plan_due())) {
        make_plan();
    }
    // As many instances as entries came, or the tables would lag ever more.
    std::size_t slice_count = 1 + entry_count / slice_instances;
    const bool takes_all = is_last || backlog_entry_count_ >= plan_after_entries;
    for (; (!plan_.empty() || has_corrections()) && (takes_all || slice_count > 0); --slice_count) {
        if (!write_slice()) {
            return false;
        }
        if (is_last && plan_.empty()) {
            make_plan();
        }
    }
    return true;
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
    SILLAGE_TRY(writer_.commit());
    if (!batch.writes.empty()) {
        durable_position_ = batch.writes.back()->entry.position;
    }
    add_backlog(batch.writes);
    return success();
}

void Committer::add_backlog(const std::vector<WritePointer>& writes) {
    ++backlog_batch_count_;
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
                                 backlog_batch_count_ >= plan_after_batches);
}

void Committer::make_plan() {
    for (auto& [id, pending] : std::exchange(backlog_, {})) {
        plan_.push_back(std::move(pending));
    }
    backlog_entry_count_ = 0;
    backlog_batch_count_ = 0;
    plan_position_ = backlog_position_;  // what a start still restores is on the disk, too
    std::ranges::sort(
        plan_, std::ranges::greater(),
        [](const Pending& pending) -> const auto& { return pending.back()->instance->id; });
}

bool Committer::write_slice() {
    const std::size_t count = std::min(plan_.size(), slice_instances);
    std::vector<WakeCorrection> corrections = take_corrections();
    const Result<void> written = write_rows(count, corrections);
    const std::lock_guard lock(mutex_);
    has_news_ = true;
    if (!written) {
        writer_.roll_back();
        if (written.error().code != ErrorCode::storage_full) {
            failure_ = written.error();
        }
        std::ranges::move(corrections, std::back_inserter(corrections_));
        return false;
    }
    progress_.correction_count += corrections.size();
    for (std::size_t i = 0; i < count; ++i) {
        const WritePointer& last = plan_.back().back();
        progress_.instances.emplace_back(last->instance->id, last->entry.sequence);
        plan_.pop_back();
    }
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
