#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// Lists in a column are JSON arrays, so that SQL can look into them. Ex. `["a","b"]`.
[[nodiscard]] std::string text_list(const std::vector<std::string>& texts);

/// Errors: corrupt: not what text_list writes.
[[nodiscard]] Result<std::vector<std::string>> texts_of(std::string_view column);

/// Ex. `[["ETag","\"1\""]]`.
using TextPairs = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string pair_list(const TextPairs& pairs);

/// Errors: corrupt: not what pair_list writes.
[[nodiscard]] Result<TextPairs> pairs_of(std::string_view column);

/// Id, due, start and state of each. Ex. `[[1,1800000000000,1799000000000,4]]`.
[[nodiscard]] std::string timer_list(const std::vector<StoredTimer>& timers);

/// Errors: corrupt: not what timer_list writes.
[[nodiscard]] Result<std::vector<StoredTimer>> timers_of(std::string_view column);

}  // namespace sillage
