#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "server/auth/permission.hpp"

namespace sillage::server {

/// What a token can be limited to. One without a limit may do all that its account may; a limit
/// never gives more than that.
[[nodiscard]] const std::vector<std::string_view>& token_scopes();

/// What such a request needs: `read` when it changes nothing, else what it changes: `instances`,
/// `registry`, `accounts`, `workflows` or `webhooks`.
[[nodiscard]] std::string_view scope_needed(Permission permission, bool is_safe);

/// Whether a credential with these scopes (empty: no limit) may do what needs that one.
[[nodiscard]] bool allows(const std::vector<std::string>& scopes, std::string_view needed);

/// Errors: forbidden: `allows` says no; names the scope that lacks.
[[nodiscard]] Result<void> check_scope(const std::vector<std::string>& scopes,
                                       std::string_view needed);

/// The first of `wanted` that `held` does not allow: nobody passes on more than it has. Nothing:
/// all are allowed.
[[nodiscard]] std::optional<std::string> scope_beyond(const std::vector<std::string>& held,
                                                      const std::vector<std::string>& wanted);

}  // namespace sillage::server
