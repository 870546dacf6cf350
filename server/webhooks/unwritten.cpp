#include "server/webhooks/unwritten.hpp"

#include <utility>

namespace sillage::server {
namespace {

template <class Things>
void append(Things& to, Things from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void Unwritten::add(const Delivery& delivery) {
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
    batch_.attempts = std::move(batch.attempts);
    append(batch.health, std::move(later.health));
    batch_.health = std::move(batch.health);
    batch_.position = later.position ? later.position : batch.position;
}

}  // namespace sillage::server
