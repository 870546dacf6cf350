#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "server/routes/visit.hpp"

namespace sillage::server {

/// The OpenAPI 3.1 document of these routes: `GET /openapi.json`. Paths in order of the alphabet;
/// HEAD, which every GET has, and OPTIONS are not listed.
[[nodiscard]] boost::json::object openapi_document(const std::vector<Route>& routes);

}  // namespace sillage::server
