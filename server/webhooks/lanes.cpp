#include "server/webhooks/lanes.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"

namespace sillage::server {

void Lanes::announce(const std::string& name) {
    const auto found = lanes_.find(name);
    if (found == lanes_.end()) {
        return;
    }
    if (found->second.waiting.empty()) {
        if (!found->second.is_still) {
            lanes_.erase(found);
        }
        return;
    }
    const DeliveryProgress& first = found->second.waiting.front()->progress;
    due_.emplace(first.next_at, first.number);
}

void Lanes::silence(const Lane& lane) {
    if (!lane.is_still && !lane.waiting.empty()) {
        const DeliveryProgress& first = lane.waiting.front()->progress;
        due_.erase(Due{first.next_at, first.number});
    }
}

void Lanes::add(DeliveryPointer delivery, bool apart) {
    const std::uint64_t number = delivery->progress.number;
    const std::string name =
        apart || delivery->instance.empty() ? "#" + std::to_string(number) : delivery->instance;
    lane_of_[number] = name;
    byte_count_ += delivery->body.size();
    Lane& lane = lanes_[name];
    lane.waiting.push_back(std::move(delivery));
    if (!lane.is_still && lane.waiting.size() == 1) {
        announce(name);
    }
}

DeliveryPointer Lanes::take(Instant now) {
    if (due_.empty() || due_.begin()->first > now) {
        return nullptr;
    }
    const std::uint64_t number = due_.begin()->second;
    due_.erase(due_.begin());
    Lane& lane = lanes_.at(lane_of_.at(number));
    lane.is_still = true;
    DeliveryPointer delivery = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    return delivery;
}

void Lanes::finish(const Delivery& delivery) {
    const auto found = lane_of_.find(delivery.progress.number);
    SILLAGE_ASSERT(found != lane_of_.end());
    const std::string name = std::move(found->second);
    lane_of_.erase(found);
    byte_count_ -= delivery.body.size();
    lanes_.at(name).is_still = false;
    announce(name);
}

void Lanes::put_back(DeliveryPointer delivery) {
    const std::string name = lane_of_.at(delivery->progress.number);
    Lane& lane = lanes_.at(name);
    lane.is_still = false;
    lane.waiting.push_front(std::move(delivery));
    announce(name);
}

bool Lanes::hurry(std::uint64_t number, Instant now) {
    const auto found = lane_of_.find(number);
    if (found == lane_of_.end()) {
        return false;
    }
    const std::string name = found->second;
    Lane& lane = lanes_.at(name);
    const auto waiting = std::ranges::find_if(
        lane.waiting, [&](const DeliveryPointer& one) { return one->progress.number == number; });
    if (waiting == lane.waiting.end()) {
        return false;
    }
    silence(lane);
    (*waiting)->progress.next_at = now;
    if (!lane.is_still) {
        announce(name);
    }
    return true;
}

std::optional<Instant> Lanes::next_due() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

void Lanes::clear() {
    due_.clear();
    for (auto lane = lanes_.begin(); lane != lanes_.end();) {
        for (const DeliveryPointer& delivery : lane->second.waiting) {
            lane_of_.erase(delivery->progress.number);
            byte_count_ -= delivery->body.size();
        }
        lane->second.waiting.clear();
        lane = lane->second.is_still ? std::next(lane) : lanes_.erase(lane);
    }
}

}  // namespace sillage::server
