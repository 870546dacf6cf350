#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// Levels of nesting in what is stored: API bodies have 32, and what expressions wrap around their
/// values step by step has to end somewhere. Anything deeper is an incident before it is written.
inline constexpr std::size_t stored_depth_max = 128;

/// The canonical bytes of an entry without `position` and `hash`: what is hashed, and what a
/// backend stores. Members in the order of the struct.
[[nodiscard]] std::string entry_text(const Entry& entry);

/// An entry from what entry_text wrote; `position` and `hash` are left empty.
/// Errors: corrupt: it is something else.
[[nodiscard]] Result<Entry> entry_from_text(std::string_view text);

/// An object that to_json_text wrote, at most as deep as may be stored. Errors: corrupt.
[[nodiscard]] Result<boost::json::object> stored_object(std::string_view text);

}  // namespace sillage
