#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

// Where in the log an instance's entries are. The latest lie in the instance's row, which each step
// writes anyway; a full block of older ones is a row of the table `history`.

namespace sillage {

/// Positions in a block of `history`. Chosen: few enough that a row of an instance stays small, so
/// many that the table is written to seldom.
inline constexpr std::size_t positions_per_block = 32;

/// Positions, ascending: the first, then by how much each is later. Ex. `1017,64,3`; empty: none.
[[nodiscard]] std::string position_list(std::span<const std::uint64_t> positions);

/// Errors: corrupt: not what position_list writes.
[[nodiscard]] Result<std::vector<std::uint64_t>> positions_of(std::string_view column);

}  // namespace sillage
