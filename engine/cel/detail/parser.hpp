#pragma once

#include <string_view>

#include "engine/cel/detail/syntax.hpp"

namespace sillage {

/// Reads an expression and expands its macros.
/// Source: the CEL language definition, section Syntax.
[[nodiscard]] Parsed<SyntaxTree> parse_expression(std::string_view text);

/// `true`, `in`, …: may name nothing, not even a field.
[[nodiscard]] bool is_keyword(std::string_view word);
/// `as`, `while`, …: may name a field only.
[[nodiscard]] bool is_reserved_word(std::string_view word);

}  // namespace sillage
