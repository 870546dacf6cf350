#pragma once

#include <string_view>

namespace sillage::server {

/// shapes.json: what the OpenAPI document has beside the table of routes. Shape: an object of
/// `tags`, `schemas` (of answers), `parameters` (by name; those of a path as `{name}`, of one route
/// alone as `id.name`), `headers` and `examples` (by the name of the schema).
extern const std::string_view shapes_text;

}  // namespace sillage::server
