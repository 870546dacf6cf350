#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "engine/yaml/node.hpp"

namespace sillage {

/// What a plain scalar is in YAML 1.2's JSON schema.
[[nodiscard]] NodeKind plain_kind(std::string_view text);

/// Whether other YAML readers take it for a boolean, a null or a number. Ex. `True`, `012`.
[[nodiscard]] bool looks_like_a_value(std::string_view text);

/// The tree as JSON. Numbers as base/json.hpp has them.
[[nodiscard]] boost::json::value to_json(const Node& node);

/// `a list`, `a mapping`, `the text "x"`, …: for messages.
[[nodiscard]] std::string describe(const Node& node);

/// A text for a message: shortened, in double quotes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace sillage
