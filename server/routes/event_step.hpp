#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "server/routes/members.hpp"
#include "server/routes/visit.hpp"

// What the single event and the bulk of them have in common.

namespace sillage::server {

/// Longest name of an event that is worth looking up.
inline constexpr std::size_t event_name_max = 200;

/// `event` and `data`.
[[nodiscard]] std::vector<sillage::Field> event_members();

/// The command of a body that has these members.
[[nodiscard]] SubmitCommand submit_command(const boost::json::object& body);

/// The refusal as the caller may read it: its sentence is that of the decisive reason; of an
/// incident, an outsider learns no more than that there is one.
[[nodiscard]] Error shown_refusal(Error error, const Definition& definition, const Call& call);

}  // namespace sillage::server
