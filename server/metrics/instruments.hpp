#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sillage::server {

/// A number that only grows. From any thread.
class Counter {
  public:
    void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_ = 0;
};

/// Upper ends of the ranges that a histogram tells apart, in seconds; one more has all above.
inline constexpr std::size_t bound_count = 12;
using Bounds = std::array<double, bound_count>;

/// From half a millisecond to ten seconds: requests, syncs, waits.
inline constexpr Bounds slow_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                    0.05,   0.1,   0.25,   1,     2.5,  10};
/// From ten microseconds to a second: what runs on one thread.
inline constexpr Bounds quick_bounds{0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005,
                                     0.001,   0.0025,   0.01,    0.05,   0.25,    1};
/// From ten milliseconds to ten minutes: what should happen at a moment, and by how much it missed.
inline constexpr Bounds late_bounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600};

/// How long things took. From any thread; who reads while others add may see the newest of them in
/// the count and not yet in the sum.
class Histogram {
  public:
    explicit Histogram(const Bounds& bounds) : bounds_(bounds) {}

    void observe(std::chrono::nanoseconds took);

    struct Reading {
        /// Of each range and all below it, the last is the count of all.
        std::array<std::uint64_t, bound_count + 1> up_to{};
        double sum_s = 0;
    };
    [[nodiscard]] Reading read() const;
    [[nodiscard]] const Bounds& bounds() const { return bounds_; }

  private:
    const Bounds& bounds_;
    std::array<std::atomic<std::uint64_t>, bound_count + 1> counts_{};
    std::atomic<std::uint64_t> sum_ns_ = 0;
};

}  // namespace sillage::server
