#pragma once

#include <cstdint>
#include <span>

namespace sillage::server {

/// Bytes that nobody can guess. Ends the process where the system has none: ids and tokens that can
/// be guessed are worse than none.
void fill_with_chance(std::span<std::uint8_t> bytes);

/// From 0 to 1.
[[nodiscard]] double chance();

}  // namespace sillage::server
