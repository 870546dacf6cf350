#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sillage {

/// The best of `available` for a reader who wants `wanted` (best first): RFC 4647 lookup, then
/// English, then the first; the position. `available` must not be empty.
[[nodiscard]] std::size_t choose_language(const std::vector<std::string_view>& available,
                                          const std::vector<std::string>& wanted);

}  // namespace sillage
