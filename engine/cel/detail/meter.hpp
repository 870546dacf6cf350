#pragma once

#include <cstddef>

#include "engine/cel/evaluate.hpp"

namespace sillage {

/// What is left of an evaluation's budget.
class CostMeter {
  public:
    explicit CostMeter(EvaluationBudget budget) : left_(budget) {}

    /// False when the budget does not reach; it is used up from then on.
    [[nodiscard]] bool take_steps(std::size_t count) { return take(left_.steps, count); }
    [[nodiscard]] bool take_bytes(std::size_t count) { return take(left_.bytes, count); }
    /// One step for each 16 bytes that a function reads.
    [[nodiscard]] bool take_reading(std::size_t bytes) { return take_steps(bytes / 16); }
    /// Reads and makes so many bytes.
    [[nodiscard]] bool take_making(std::size_t bytes) {
        return take_reading(bytes) && take_bytes(bytes);
    }

    [[nodiscard]] bool exhausted() const { return exhausted_; }

  private:
    bool take(std::size_t& left, std::size_t count) {
        if (exhausted_ || count > left) {
            exhausted_ = true;
            return false;
        }
        left -= count;
        return true;
    }

    EvaluationBudget left_;
    bool exhausted_ = false;
};

[[nodiscard]] inline Error budget_error() {
    return Error{.code = ErrorCode::limit_exceeded,
                 .message = "The expression takes more steps or memory than one evaluation may."};
}

[[nodiscard]] inline Error evaluation_error(std::string message) {
    return Error{.code = ErrorCode::expression_failed, .message = std::move(message)};
}

}  // namespace sillage
