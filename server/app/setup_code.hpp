#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/store/store.hpp"

namespace sillage::server {

/// How long the code is good: published (threats TM43). Whoever comes later starts the server anew.
inline constexpr std::int64_t setup_code_minutes = 30;

/// The one-time code of a data folder that has no administrator yet: a new one at every start until
/// there is one; nothing once there is, or when `has_admin_token` (which then settles it for good).
/// Only its kept_code is stored, under setup_code_setting.
/// Errors: those of the store.
[[nodiscard]] Result<std::optional<std::string>> renew_setup_code(Store& store, Instant now,
                                                                  bool has_admin_token);

}  // namespace sillage::server
