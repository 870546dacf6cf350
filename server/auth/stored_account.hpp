#pragma once

#include <optional>
#include <string>

#include "engine/runtime/runtime.hpp"
#include "engine/store/store.hpp"
#include "server/auth/account.hpp"

namespace sillage::server {

/// Writes down whether SILLAGE_ADMIN_TOKEN is set, on which the built-in administrator depends; at
/// the server's start. Errors: those of the store.
[[nodiscard]] Result<void> note_admin_token(Store& store, bool is_set);

/// The account of that id, as it is now; nothing: there is none. Also of those without a record:
/// operators, and the built-in administrator unless `note_admin_token` noted that it has no token.
[[nodiscard]] Result<std::optional<Account>> account_with_id(Reader& reader, const std::string& id);

}  // namespace sillage::server
