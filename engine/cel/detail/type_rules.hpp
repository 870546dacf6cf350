#pragma once

#include <optional>
#include <span>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/type.hpp"

namespace sillage {

/// The type that CEL knows a constant by.
[[nodiscard]] ValueType type_of(const Value& value);

/// What `last()` gives.
[[nodiscard]] const ValueType& last_type();

/// What both branches of `?:` may be.
[[nodiscard]] ValueType common_type(const ValueType& a, const ValueType& b);

/// Of a list's items or of what a macro walks through: a map's keys are dyn.
[[nodiscard]] ValueType item_type(const ValueType& range);

/// The result of a function on arguments of these types; nothing when it has no such overload.
/// Whether a value is null is decided when it runs, but a null literal fits no operator but `==`.
[[nodiscard]] std::optional<ValueType> result_type(const FunctionInfo& function,
                                                   std::span<const ValueType> arguments);

}  // namespace sillage
