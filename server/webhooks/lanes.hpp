#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/store/delivery.hpp"

namespace sillage::server {

using DeliveryPointer = std::unique_ptr<Delivery>;

/// What waits for one webhook: a lane an instance, in which one goes after the other, and the first
/// of each when it is due. A delivery that is of no instance has a lane of its own.
class Lanes {
  public:
    /// Puts it behind the others of its instance; or, `apart`, into a lane of its own.
    void add(DeliveryPointer delivery, bool apart = false);

    /// The one that is due longest; its lane then stands still until `finish` or `put_back`.
    [[nodiscard]] DeliveryPointer take(Instant now);
    /// What was taken is over: the next of its lane may go.
    void finish(const Delivery& delivery);
    /// What was taken waits again, at the head of its lane, until its `next_at`.
    void put_back(DeliveryPointer delivery);

    /// Has one that waits go at once, as soon as it is at the head of its lane. False: it is not
    /// among those that wait.
    bool hurry(std::uint64_t number, Instant now);

    /// When the next one is due; nothing: none waits, or all lanes stand still.
    [[nodiscard]] std::optional<Instant> next_due() const;

    /// Whether it waits here, or was taken.
    [[nodiscard]] bool holds(std::uint64_t number) const { return lane_of_.contains(number); }
    /// Those that wait, and those that were taken.
    [[nodiscard]] std::size_t size() const { return lane_of_.size(); }
    /// Of their bodies.
    [[nodiscard]] std::size_t byte_count() const { return byte_count_; }
    /// Drops what waits; what was taken is still to be finished or put back.
    void clear();

  private:
    struct Lane {
        std::deque<DeliveryPointer> waiting = {};
        bool is_still = false;  ///< its first was taken
    };
    using Due = std::pair<Instant, std::uint64_t>;

    void announce(const std::string& name);
    void silence(const Lane& lane);

    std::unordered_map<std::string, Lane> lanes_;
    /// Names of lanes by the number of each delivery.
    std::unordered_map<std::uint64_t, std::string> lane_of_;
    /// The first of each lane that does not stand still, by when it is due.
    std::set<Due> due_;
    std::size_t byte_count_ = 0;
};

}  // namespace sillage::server
