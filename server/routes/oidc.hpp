#pragma once

#include <vector>

#include "server/routes/visit.hpp"

namespace sillage::server {

/// Off to the configured OpenID provider, and back: 404 where none is configured.
[[nodiscard]] std::vector<Route> oidc_routes();

}  // namespace sillage::server
