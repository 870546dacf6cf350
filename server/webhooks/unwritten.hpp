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
    void add(DeliveryAttempt attempt);
    void note(DeliveryHealth health) { batch_.health.push_back(std::move(health)); }
    void advance(std::uint64_t position) { batch_.position = position; }

    [[nodiscard]] bool empty() const { return batch_.empty() && changed_.empty(); }
    /// More is not to be made before it has been written.
    [[nodiscard]] bool is_full() const;

    /// All of it; then there is none.
    [[nodiscard]] DeliveryBatch take();
    /// What could not be written, before all that came since.
    void put_back(DeliveryBatch batch);

  private:
    DeliveryBatch batch_;
    /// Where in `batch_.added` a number is.
    std::unordered_map<std::uint64_t, std::size_t> added_;
    std::unordered_map<std::uint64_t, DeliveryProgress> changed_;
    /// Of bodies, sent and answered.
    std::size_t byte_count_ = 0;
};

}  // namespace sillage::server
