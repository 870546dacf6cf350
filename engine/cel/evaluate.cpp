#include "engine/cel/evaluate.hpp"

#include "engine/cel/detail/operators.hpp"
#include "engine/cel/detail/program.hpp"

namespace sillage {

Result<Value> evaluate(const Expression& expression, const Environment& environment,
                       EvaluationBudget budget) {
    if (!expression.program) {
        return evaluation_error("the expression could not be read: " + expression.text);
    }
    CostMeter meter(budget);
    SILLAGE_TRY(auto value, run_program(*expression.program, 0, environment, meter));
    if (!take_whole(meter, value)) {
        return budget_error();
    }
    return owned(std::move(value));
}

}  // namespace sillage
