#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/store/record.hpp"
#include "engine/store/store.hpp"

namespace sillage {

/// Levels of nesting in what is stored. A value that an expression gives has about as many as an
/// API body (32), a template in a file wraps as many around it, and the record adds a few: twice
/// that sum is never reached.
inline constexpr std::size_t stored_depth_max = 128;

/// The canonical bytes of an entry without `position`, `salt`, payload and `hash`: what is hashed,
/// and what a backend stores. Members in the order of the struct, but for
/// `trace`, which comes last and only if there is one.
[[nodiscard]] std::string entry_text(const Entry& entry);

/// The canonical bytes of its payload: `data`, `taken`, `effects`.
[[nodiscard]] std::string payload_text(const Entry& entry);
/// The same; all three made in one memory are not copied.
[[nodiscard]] std::string payload_text(const boost::json::value& data, boost::json::array taken,
                                       boost::json::array effects);

/// An entry from what entry_text and payload_text wrote; an empty payload was erased. `position`,
/// `salt` and `hash` are left empty. Errors: corrupt: it is something else.
[[nodiscard]] Result<Entry> entry_from_text(std::string_view text, std::string_view payload);

/// The entry that the write has, from its texts. Errors: as entry_from_text.
[[nodiscard]] Result<Entry> stored_entry(const InstanceWrite& write);

/// The hash of the whole log up to an entry: of the one before it and the entry's own, one after
/// the other; the first has an empty one before it.
[[nodiscard]] std::string chain_hash(std::string_view before, std::string_view entry_hash);

/// An object that to_json_text wrote, at most as deep as may be stored. Errors: corrupt.
[[nodiscard]] Result<boost::json::object> stored_object(std::string_view text);

}  // namespace sillage
