#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// Levels of nesting in what is stored. A value that an expression gives has about as many as an
/// API body (32), a template in a file wraps as many around it, and the record adds a few: twice
/// that sum is never reached.
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
