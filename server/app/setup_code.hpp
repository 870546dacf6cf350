#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/store/store.hpp"

namespace sillage::server {

/// The one-time code of a data folder that has no administrator yet: a new one at every start until
/// one was used; nothing once one was, or when `has_admin_token` (which then settles it for good).
/// Only its hash is stored, under setup_code_setting.
/// Errors: those of the store.
[[nodiscard]] Result<std::optional<std::string>> renew_setup_code(Store& store,
                                                                  bool has_admin_token);

}  // namespace sillage::server
