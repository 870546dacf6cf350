#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sillage {

/// Well-formed UTF-8: shortest forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_cel_text(std::string_view octets);

/// Code points of well-formed UTF-8.
[[nodiscard]] std::size_t code_point_count(std::string_view text);

/// False, and nothing appended, for a surrogate or what lies past U+10FFFF.
[[nodiscard]] bool append_code_point(std::string& text, char32_t code_point);

}  // namespace sillage
