#pragma once

#include <span>
#include <string_view>

namespace sillage {

/// The links of the value chain of perfume and cosmetics, upstream first: what a company's
/// `segment` may be. Ex. `finished_products`.
[[nodiscard]] std::span<const std::string_view> value_chain_segments();

}  // namespace sillage
