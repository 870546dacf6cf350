#pragma once

#include <optional>
#include <string>

#include "engine/model/expression.hpp"

namespace sillage {

/// A CEL expression that gives what the value gives; nothing when only interpolation says it.
[[nodiscard]] std::optional<std::string> cel_words(const ValueTemplate& value);
[[nodiscard]] std::string cel_words(const boost::json::value& literal);

}  // namespace sillage
