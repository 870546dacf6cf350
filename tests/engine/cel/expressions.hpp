#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/cel/compile.hpp"
#include "engine/cel/evaluate.hpp"

namespace sillage::test {

/// An expression and what it gives: a value as to_string writes it, or `error: ` and a part of
/// the message.
struct CelRow {
    const char* expression;
    const char* result;
};

/// The value as text, or `error: ` and the message; findings too are errors.
inline std::string outcome_of(std::string_view expression, const Scope& scope = {},
                              const Environment& environment = {}, EvaluationBudget budget = {}) {
    const CompiledExpression compiled = compile_expression(expression, scope);
    if (!compiled.findings.empty()) {
        return "error: " + compiled.findings.front().message;
    }
    const auto value = evaluate(compiled.expression, environment, budget);
    return value ? to_string(value.value()) : "error: " + value.error().message;
}

/// Checks every row.
void check_rows(const std::vector<CelRow>& rows);

}  // namespace sillage::test
