#include "server/stream/feed.hpp"

#include <algorithm>
#include <utility>

namespace sillage::server {

Feed::~Feed() {
    if (store_ != nullptr) {
        // Whatever it could not do: nothing is written there any more.
        static_cast<void>(store_->watch(nullptr));
    }
}

Result<void> Feed::attach(Store& store) {
    SILLAGE_TRY(const std::uint64_t position,
                store.watch([this](std::span<const WritePointer> writes) { show(writes); }));
    const std::lock_guard lock(mutex_);
    store_ = &store;
    position_ = std::max(position_, position);
    return success();
}

std::uint64_t Feed::open() {
    const std::lock_guard lock(mutex_);
    ++listener_count_;
    return position_;
}

void Feed::close() {
    const std::lock_guard lock(mutex_);
    if (--listener_count_ == 0) {
        waiting_.clear();
        has_overflowed_ = false;
    }
}

Feed::Taken Feed::take() {
    const std::lock_guard lock(mutex_);
    return Taken{.writes = std::exchange(waiting_, {}),
                 .has_overflowed = std::exchange(has_overflowed_, false),
                 .position = position_};
}

double Feed::age_seconds() const {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty() && !has_overflowed_) {
        return 0;
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - waiting_since_).count();
}

void Feed::show(std::span<const WritePointer> writes) {
    if (on_growth) {
        on_growth();
    }
    {
        const std::lock_guard lock(mutex_);
        position_ = writes.back()->entry.position;
        if (listener_count_ == 0) {
            return;
        }
        if (waiting_.empty() && !has_overflowed_) {
            waiting_since_ = std::chrono::steady_clock::now();
        }
        if (waiting_.size() + writes.size() > feed_writes_max) {
            waiting_.clear();
            has_overflowed_ = true;
        } else if (!has_overflowed_) {
            waiting_.insert(waiting_.end(), writes.begin(), writes.end());
        }
    }
    if (on_news) {
        on_news();
    }
}

}  // namespace sillage::server
