#pragma once

#include "server/http/router.hpp"
#include "server/routes/services.hpp"

namespace sillage::server {

/// Adds every resource of api.md that is served as JSON. `services` must outlive the router.
void add_routes(Router& router, const Services& services);

}  // namespace sillage::server
