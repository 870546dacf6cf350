#include "engine/cel/evaluate.hpp"

#include "engine/cel/detail/operators.hpp"
#include "engine/cel/detail/program.hpp"

namespace sillage {
namespace {

/// False with an error.
bool run(const Expression& expression, Evaluation& evaluation) {
    if (expression.program) {
        return run_program(*expression.program, 0, evaluation);
    }
    evaluation.error = evaluation_error("the expression could not be read: " + expression.text);
    return false;
}

}  // namespace

Result<Value> evaluate(const Expression& expression, const Environment& environment,
                       EvaluationBudget budget) {
    Evaluation evaluation{.environment = environment, .meter = CostMeter(budget)};
    if (!run(expression, evaluation)) {
        return *std::move(evaluation.error);
    }
    if (!take_whole(evaluation.meter, evaluation.value)) {
        return budget_error();
    }
    return owned(std::move(evaluation.value));
}

Result<bool> evaluate_condition(const Expression& expression, const Environment& environment,
                                EvaluationBudget budget) {
    Evaluation evaluation{.environment = environment, .meter = CostMeter(budget)};
    if (!run(expression, evaluation)) {
        return *std::move(evaluation.error);
    }
    const auto* truth = evaluation.value.get_if<bool>();
    if (!truth) {
        return wrong_value(expression, evaluation.value, "true or false");
    }
    return *truth;
}

Error wrong_value(const Expression& expression, const Value& value, std::string_view wanted) {
    const std::string_view type = value.is_null() ? "null" : type_name(value);
    return {.code = ErrorCode::expression_failed,
            .message = "\"" + expression.text + "\" gives " + std::string(type) + ", not " +
                       std::string(wanted) + "."};
}

}  // namespace sillage
