#pragma once

#include <string_view>

#include "engine/cel/type.hpp"
#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// What an expression must give where it stands.
enum class Wanted { anything, condition, list, instant, delay };

/// An expression and what the checker knows of its values.
struct TypedExpression {
    Expression expression = {};
    ValueType type = {};
};

/// The whole text of a scalar as an expression, also when it reads as a boolean or a number.
[[nodiscard]] TypedExpression read_expression(Reading& reading, const Node& node, Wanted wanted);

/// The same where `${expr}` does no harm, as values stand beside it.
[[nodiscard]] TypedExpression read_braced_expression(Reading& reading, const Node& node,
                                                     Wanted wanted);

/// `title`, `otherwise`, …: a text or a map of language to text, with `{expr}` inside.
[[nodiscard]] Text read_text(Reading& reading, const Node& node, std::string_view what);

/// A value of an action, with `${expr}` in its texts, and what is known of its type: dyn for a
/// literal.
struct TypedValue {
    ValueTemplate value = {};
    ValueType type = {};
};
[[nodiscard]] TypedValue read_typed_value(Reading& reading, const Node& node);
[[nodiscard]] ValueTemplate read_value(Reading& reading, const Node& node);

/// A duration, or `${expr}` that gives one.
[[nodiscard]] std::optional<Delay> read_delay(Reading& reading, const Node& node);

}  // namespace sillage
