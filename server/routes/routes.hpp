#pragma once

#include <vector>

#include "server/http/router.hpp"
#include "server/routes/visit.hpp"

namespace sillage::server {

/// The whole table, resource by resource; a sandbox has a clock to be moved besides.
[[nodiscard]] std::vector<Route> table_of_routes(bool is_sandbox);

/// Adds every route of the API. Both must outlive the router.
void add_routes(Router& router, const Services& services);

}  // namespace sillage::server
