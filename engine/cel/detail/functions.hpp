#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/cel/detail/meter.hpp"
#include "engine/cel/type.hpp"

namespace re2 {
class RE2;
}

namespace sillage {

struct FunctionInfo;

/// What a function's body may use besides its arguments.
struct CallFrame {
    const FunctionInfo& function;
    CostMeter& meter;
    const Environment& environment;
    /// Of `matches`, when it is a literal; null otherwise.
    const re2::RE2* pattern = nullptr;
};

using FunctionBody = Result<Value> (*)(CallFrame& frame, std::span<const Value> arguments);

enum class FunctionStyle { prefix, infix, global, method };

/// Argument and result kinds of one way to call a function; `dyn` takes and gives anything.
struct Overload {
    std::vector<TypeKind> arguments = {};  ///< the receiver first
    TypeKind result = TypeKind::dyn;
};

/// A function or operator. One body for all overloads: it looks at the values.
struct FunctionInfo {
    std::string_view name = {};
    FunctionStyle style = FunctionStyle::global;
    FunctionBody body = nullptr;
    /// Empty: the checker knows a rule of its own (`==`, `<`, `in`, `[]`).
    std::vector<Overload> overloads = {};
    /// Any number of arguments of the last kind, from two on.
    bool variadic = false;
    /// Known in scopes with workflow functions only.
    bool workflow = false;
    /// Depends on its arguments alone, so that constants can be folded.
    bool pure = true;
};

/// The function that such a call means, or null.
[[nodiscard]] const FunctionInfo* find_function(std::string_view name, FunctionStyle style,
                                                std::size_t argument_count);

/// All of that style; for messages.
[[nodiscard]] std::vector<std::string_view> function_names(FunctionStyle style, bool workflow);

/// Whether a function of that name and style exists with any number of arguments.
[[nodiscard]] bool is_function(std::string_view name, FunctionStyle style);

/// `no such overload: int + string`.
[[nodiscard]] Error no_such_overload(const FunctionInfo& function,
                                     std::span<const Value> arguments);

// Bodies, by file.

// arithmetic.cpp
Result<Value> cel_add(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_subtract(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_multiply(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_divide(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_modulo(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_negate(CallFrame& frame, std::span<const Value> arguments);

// operators.cpp
Result<Value> cel_not(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_equal(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_not_equal(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_less(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_less_equal(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_greater(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_greater_equal(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_in(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_index(CallFrame& frame, std::span<const Value> arguments);

// functions_text.cpp
Result<Value> cel_size(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_contains(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_starts_with(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_ends_with(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_matches(CallFrame& frame, std::span<const Value> arguments);

// functions_convert.cpp
Result<Value> cel_int(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_uint(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_double(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_string(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_bytes(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_bool(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_timestamp(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_duration(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_type(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_dyn(CallFrame& frame, std::span<const Value> arguments);

// functions_time.cpp
Result<Value> cel_full_year(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_month(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_date(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_day_of_month(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_day_of_week(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_day_of_year(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_hours(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_minutes(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_seconds(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_milliseconds(CallFrame& frame, std::span<const Value> arguments);

// functions_list.cpp
Result<Value> cel_sum(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_average(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_minimum(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_maximum(CallFrame& frame, std::span<const Value> arguments);

// functions_workflow.cpp
Result<Value> cel_in_state(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_last(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_entered(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_add_duration(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_days(CallFrame& frame, std::span<const Value> arguments);
Result<Value> cel_working_days(CallFrame& frame, std::span<const Value> arguments);

}  // namespace sillage
