#pragma once

#include <functional>

#include "engine/base/instant.hpp"

namespace sillage::server {

/// What time it is: the machine's clock, a sandbox's or a test's. May be called from any thread.
using Clock = std::function<Instant()>;

/// The machine's clock.
[[nodiscard]] Instant system_now();

}  // namespace sillage::server
