#pragma once

#include <cstddef>
#include <string_view>

#include "engine/model/schema.hpp"

namespace sillage {

/// Whether the text is what the format asks for: RFC 3339 for dates, one address of RFC 5321 for
/// `email` (no quoted local part), an absolute URI of RFC 3986 for `uri`. `none` fits everything.
[[nodiscard]] bool fits_format(std::string_view text, SchemaFormat format);

/// `date-time`: as the word stands in a file.
[[nodiscard]] std::string_view name_of(SchemaFormat format);
[[nodiscard]] std::string_view name_of(SchemaType type);

/// Of well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

}  // namespace sillage
