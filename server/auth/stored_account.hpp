#pragma once

#include <optional>
#include <string>

#include "engine/runtime/runtime.hpp"
#include "server/auth/account.hpp"

namespace sillage::server {

/// The account of that id, as it is now; nothing: there is none. Also of those without a record:
/// the built-in administrator and operators.
[[nodiscard]] Result<std::optional<Account>> account_with_id(Reader& reader, const std::string& id);

}  // namespace sillage::server
