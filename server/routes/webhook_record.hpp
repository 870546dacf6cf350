#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "server/hooks/subscription.hpp"
#include "server/routes/visit.hpp"

// Webhooks as the API has them.

namespace sillage::server {

/// Webhooks of one account, those that are no more not counted.
inline constexpr std::size_t webhooks_max = 200;

/// What a client may write when it makes one, and afterwards.
[[nodiscard]] std::vector<sillage::Field> webhook_members();
[[nodiscard]] std::vector<sillage::Field> webhook_patch_members();

/// Without secrets.
[[nodiscard]] boost::json::object webhook_json(const Record& record);

/// Whether the caller may look after it: its own, and whoever manages where it belongs.
[[nodiscard]] bool may_use(const Account& caller, const Record& record, const RoleRights& rights);

/// Whether the caller may read what it tells and say where it leads: its owner, whose view of the
/// log it has, and administrators.
[[nodiscard]] bool may_aim(const Account& caller, const Record& record, const RoleRights& rights);

/// A webhook that the caller may look after and that is not deleted. Errors: not_found.
[[nodiscard]] Result<Record> open_webhook(const Visit& visit, Reader& reader, std::string_view id);

/// Checks members of a body that schemas cannot: types and mode.
/// Errors: invalid_argument, with the member's pointer.
[[nodiscard]] Result<void> check_webhook(const boost::json::object& body);

}  // namespace sillage::server
