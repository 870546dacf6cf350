#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sillage {

/// The known name that a misspelt one most likely means: least edits (insert, delete, replace,
/// swap of neighbours), at most a third of the name's length and never fewer than one allowed.
/// Empty when none is near enough; the first of equals.
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string_view> known);
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string> known);

/// `; did you mean "score"?`, or nothing when `near` is empty: the end of a sentence about an
/// unknown name.
[[nodiscard]] std::string did_you_mean(std::string_view near);

}  // namespace sillage
