#pragma once

#include <cstddef>
#include <unordered_map>

#include "engine/store/delivery.hpp"

namespace sillage::server {

/// What the book of deliveries does not have yet. A delivery that is over before it was written
/// down is written once.
class Unwritten {
  public:
    void add(const Delivery& delivery);
    /// In its place if it is still unwritten itself.
    void change(const DeliveryProgress& progress);
    void add(DeliveryAttempt attempt) { batch_.attempts.push_back(std::move(attempt)); }
    void note(DeliveryHealth health) { batch_.health.push_back(std::move(health)); }
    void advance(std::uint64_t position) { batch_.position = position; }

    [[nodiscard]] bool empty() const { return batch_.empty() && changed_.empty(); }
    [[nodiscard]] std::size_t size() const { return batch_.added.size() + changed_.size(); }

    /// All of it; then there is none.
    [[nodiscard]] DeliveryBatch take();
    /// What could not be written, before all that came since.
    void put_back(DeliveryBatch batch);

  private:
    DeliveryBatch batch_;
    /// Where in `batch_.added` a number is.
    std::unordered_map<std::uint64_t, std::size_t> added_;
    std::unordered_map<std::uint64_t, DeliveryProgress> changed_;
};

}  // namespace sillage::server
