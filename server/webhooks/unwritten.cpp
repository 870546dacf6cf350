#include "server/webhooks/unwritten.hpp"

#include <utility>

namespace sillage::server {
namespace {

/// What the book may be behind. Chosen: some ten megabytes.
constexpr std::size_t count_max = 10'000;
constexpr std::size_t bytes_max = 32UL * 1024UL * 1024UL;

template <class Things>
void append(Things& to, Things from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

bool Unwritten::is_full() const {
    return batch_.added.size() + changed_.size() + batch_.attempts.size() >= count_max ||
           byte_count_ >= bytes_max;
}

void Unwritten::add(DeliveryAttempt attempt) {
    byte_count_ += attempt.answer.size();
    batch_.attempts.push_back(std::move(attempt));
}

void Unwritten::add(const Delivery& delivery) {
    byte_count_ += delivery.body.size();
    added_[delivery.progress.number] = batch_.added.size();
    batch_.added.push_back(delivery);
}

void Unwritten::change(const DeliveryProgress& progress) {
    const auto found = added_.find(progress.number);
    if (found != added_.end()) {
        batch_.added[found->second].progress = progress;
    } else {
        changed_[progress.number] = progress;
    }
}

DeliveryBatch Unwritten::take() {
    DeliveryBatch batch = std::exchange(batch_, {});
    for (const auto& [number, progress] : changed_) {
        batch.changed.push_back(progress);
    }
    added_.clear();
    changed_.clear();
    byte_count_ = 0;
    return batch;
}

void Unwritten::put_back(DeliveryBatch batch) {
    DeliveryBatch later = take();
    for (const Delivery& delivery : batch.added) {
        add(delivery);
    }
    for (const Delivery& delivery : later.added) {
        add(delivery);
    }
    for (const auto* changes : {&batch.changed, &later.changed}) {
        for (const DeliveryProgress& progress : *changes) {
            change(progress);
        }
    }
    append(batch.attempts, std::move(later.attempts));
    for (DeliveryAttempt& attempt : batch.attempts) {
        add(std::move(attempt));
    }
    append(batch.health, std::move(later.health));
    batch_.health = std::move(batch.health);
    batch_.position = later.position ? later.position : batch.position;
}

}  // namespace sillage::server
