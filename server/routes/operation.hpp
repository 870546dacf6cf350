#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/routes/visit.hpp"

// One route as an operation of the OpenAPI document.

namespace sillage::server {

/// What operations share and only refer to, by name: grows with each operation.
struct Components {
    boost::json::object schemas = {};
    boost::json::object parameters = {};
    boost::json::object headers = {};
    boost::json::object responses = {};
    boost::json::object examples = {};
};

/// The route's operation object. What it refers to is in `components` afterwards.
[[nodiscard]] boost::json::object operation_of(const Route& route, Components& components);

/// The names within braces. Ex. `id` and `token` of `/v1/accounts/{id}/tokens/{token}`.
[[nodiscard]] std::vector<std::string> parameters_in(std::string_view pattern);

/// The schema of a body with these members: null is as good as absent, and a merge patch needs
/// none of them.
[[nodiscard]] boost::json::object body_schema(const std::vector<sillage::Field>& members,
                                              bool is_patch);

}  // namespace sillage::server
