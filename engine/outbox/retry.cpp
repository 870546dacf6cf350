#include "engine/outbox/retry.hpp"

#include <array>

namespace sillage {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;

constexpr std::array<std::int64_t, 10> delays{0,         5 * second, 5 * minute, 30 * minute,
                                              2 * hour,  5 * hour,   10 * hour,  14 * hour,
                                              20 * hour, 24 * hour};

}  // namespace

std::optional<Duration> retry_delay(std::uint32_t attempt_count) {
    if (attempt_count >= delays.size()) {
        return std::nullopt;
    }
    return Duration{delays[attempt_count]};
}

}  // namespace sillage
