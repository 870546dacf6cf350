#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/instant.hpp"

namespace sillage {

/// How long after a failed attempt the next one is due. `attempt_count` attempts were made; before
/// the first there is no wait, and after the last (ten) nothing is given.
/// Source: Standard Webhooks' recommended schedule, stretched past the 24 hours that api.md asks
/// for: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
[[nodiscard]] std::optional<Duration> retry_delay(std::uint32_t attempt_count);

}  // namespace sillage
