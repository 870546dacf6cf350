#include "server/metrics/instruments.hpp"

#include <algorithm>

namespace sillage::server {

namespace {

constexpr double nanoseconds_per_second = 1e9;

}  // namespace

void Histogram::observe(std::chrono::nanoseconds took) {
    const auto count = std::max<std::int64_t>(took.count(), 0);
    const double seconds = static_cast<double>(count) / nanoseconds_per_second;
    const auto range = std::ranges::lower_bound(bounds_, seconds) - bounds_.begin();
    counts_[static_cast<std::size_t>(range)].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(static_cast<std::uint64_t>(count), std::memory_order_relaxed);
}

Histogram::Reading Histogram::read() const {
    Reading reading;
    std::uint64_t all = 0;
    for (std::size_t range = 0; range < counts_.size(); ++range) {
        all += counts_[range].load(std::memory_order_relaxed);
        reading.up_to[range] = all;
    }
    reading.sum_s =
        static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / nanoseconds_per_second;
    return reading;
}

}  // namespace sillage::server
