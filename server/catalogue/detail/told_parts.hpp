#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/catalogue/told.hpp"

// What entries and messages have in common in the eyes of a reader.

namespace sillage::server {

/// The state's id as the caller is told of it; empty: of no state of the definition.
[[nodiscard]] std::string told_state(const Definition& definition, std::string_view id,
                                     const Call& call);
[[nodiscard]] boost::json::array told_states(const Definition& definition,
                                             const std::vector<std::string>& ids, const Call& call);

/// Whether all that happened lies where the reader sees nothing, and nothing of it is its own.
[[nodiscard]] bool is_internal(const Definition& definition, const Entry& entry, const Call& call);

/// The actor as an outsider knows it: in a capacity in which it is known, under its own id.
[[nodiscard]] boost::json::object told_actor(const Definition& definition, const Entry& entry,
                                             const LogReader& reader);

/// Whether an evaluator wrote it as such, and somebody else than this reader.
[[nodiscard]] bool is_sheet(const Definition& definition, const Entry& entry, const Call& call);

}  // namespace sillage::server
