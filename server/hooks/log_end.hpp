#pragma once

#include <cstdint>

#include "engine/store/store.hpp"

namespace sillage::server {

/// The position of the last entry that the view shows; 0: there is none. Found by some forty looks:
/// positions have no gaps.
[[nodiscard]] Result<std::uint64_t> log_end(ReadView& view);

}  // namespace sillage::server
