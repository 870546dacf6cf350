#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/cel/value.hpp"
#include "engine/model/expression.hpp"

namespace sillage {

/// Functions that need more than their arguments.
enum class HostFunction {
    in_state,      ///< In('state.id') -> bool
    last,          ///< last('event') -> {at, by, count} or null
    entered,       ///< entered('state.id') -> timestamp or null
    add,           ///< add(timestamp, 'DURATION') -> timestamp
    days,          ///< days(a, b) -> int
    working_days,  ///< working_days(a, b) -> int
    zone_offset,   ///< (zone name, timestamp) -> seconds east of UTC; for getHours('Europe/Paris')
};

/// One member on the way from a variable to what is read.
struct PathStep {
    std::string name = {};
    /// It reads as null where it is absent: it is declared nullable.
    bool null_when_absent = false;

    bool operator==(const PathStep&) const = default;
};

/// A variable or what lies below it. Ex. `company.headcount`.
struct VariablePath {
    std::size_t slot = 0;
    std::vector<PathStep> steps = {};
    /// Whether the last step is there is asked, not its value: `has(company.website)`.
    bool presence = false;

    bool operator==(const VariablePath&) const = default;
};

/// Where an evaluation finds what lies outside the expression. Plain pointers instead of a virtual
/// class: the evaluator calls them for names only, and most expressions read two. Texts of the
/// values may be borrowed from what lives as long as the host.
struct Environment {
    const void* host = nullptr;
    /// The value in a Scope's slot.
    Result<Value> (*variable)(const void* host, std::size_t slot) = nullptr;
    Result<Value> (*call)(const void* host, HostFunction function,
                          std::span<const Value> arguments) = nullptr;
    /// Reads a path in place, without making a value of the whole variable. False when it cannot:
    /// then the variable is asked for, which also tells what is wrong. May be null.
    bool (*read)(const void* host, const VariablePath& path, Value& value) = nullptr;
};

/// The bound of one evaluation. Every operation costs a step; a function over text, a list or a
/// map costs one for each 16 bytes or element besides, and charges what it makes before it does.
struct EvaluationBudget {
    std::size_t steps = 100'000;             ///< language.md, section 6
    std::size_t bytes = 8U * 1024U * 1024U;  ///< chosen: eight bodies of the API's largest size
};

/// Evaluates a compiled expression. The value borrows nothing.
/// Errors: expression_failed: CEL's errors (overflow, missing key, division by zero, …), the
///         message naming the operation; limit_exceeded: the budget is used up; no operator
///         absorbs that one.
[[nodiscard]] Result<Value> evaluate(const Expression& expression, const Environment& environment,
                                     EvaluationBudget budget = {});

/// The same of a guard. Errors: as evaluate; expression_failed: also when it is not a truth.
[[nodiscard]] Result<bool> evaluate_condition(const Expression& expression,
                                              const Environment& environment,
                                              EvaluationBudget budget = {});

/// Why a value is of no use where `wanted` stands: `"any" gives int, not a list.`
[[nodiscard]] Error wrong_value(const Expression& expression, const Value& value,
                                std::string_view wanted);

}  // namespace sillage
