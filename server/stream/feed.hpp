#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "engine/store/store.hpp"

namespace sillage::server {

/// Writes that wait to be taken. Chosen: a second of the fastest load; whoever takes them more
/// slowly reads the log instead.
inline constexpr std::size_t feed_writes_max = 20'000;

/// What has become durable since somebody listens. From any thread.
class Feed {
  public:
    Feed() = default;
    /// Lets go of the store, which must still be there and be used by nobody else.
    ~Feed();
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    /// Watches the store from now on; before anything runs there. Errors: those of the store.
    [[nodiscard]] Result<void> attach(Store& store);

    /// One more listens. Gives the position after which everything will come.
    std::uint64_t open();
    /// One less; what nobody listens to is not kept.
    void close();

    /// What `take` gives.
    struct Taken {
        /// In order of position.
        std::vector<WritePointer> writes = {};
        /// Too many waited: those up to `position` are to be read from the log.
        bool has_overflowed = false;
        /// Up to here everything was taken.
        std::uint64_t position = 0;
    };
    [[nodiscard]] Taken take();

    /// How long the oldest that waits has waited; 0: nothing waits.
    [[nodiscard]] double age_seconds() const;

    /// Called when something has come that `take` gives; set before anything is written.
    std::function<void()> on_news;
    /// Called when anything has become durable, whoever listens; set before anything is written.
    std::function<void()> on_growth;

  private:
    void show(std::span<const WritePointer> writes);

    Store* store_ = nullptr;
    mutable std::mutex mutex_;  ///< guards what follows
    std::size_t listener_count_ = 0;
    std::uint64_t position_ = 0;
    bool has_overflowed_ = false;
    std::vector<WritePointer> waiting_;
    std::chrono::steady_clock::time_point waiting_since_ = {};
};

}  // namespace sillage::server
