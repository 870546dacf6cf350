#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sillage {

/// What is called otherwise in another document.
struct CelNames {
    /// Variables, not members of anything. Ex. `_event` to `event`.
    std::map<std::string, std::string, std::less<>> variables = {};
    /// States that `In('…')` names.
    std::map<std::string, std::string, std::less<>> states = {};
};

/// The expression with those names replaced; what stands in strings stays, but for `In`'s.
[[nodiscard]] std::string renamed(std::string_view expression, const CelNames& names);

}  // namespace sillage
