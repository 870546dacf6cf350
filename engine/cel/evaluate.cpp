#include "engine/cel/evaluate.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/container/small_vector.hpp>
#include <optional>

#include "engine/base/assert.hpp"
#include "engine/cel/detail/operators.hpp"
#include "engine/cel/detail/program.hpp"

namespace sillage {
namespace {

bool is_final(const Error& error) { return error.code == ErrorCode::limit_exceeded; }

/// Joins truths as `&&` does (`stopper` false) or `||` (true): a stopper anywhere decides, and
/// absorbs the errors of the others; without one the first error stands.
class TruthJoin {
  public:
    explicit TruthJoin(bool stopper, std::string_view name) : stopper_(stopper), name_(name) {}

    /// True when the result is decided.
    bool take(Result<Value> operand) {
        if (!operand) {
            decided_ = is_final(operand.error());
            keep(std::move(operand).error());
            return decided_;
        }
        const auto* truth = operand.value().get_if<bool>();
        if (!truth) {
            keep(evaluation_error(
                fmt::format("no such overload: {} of {}", name_, type_name(operand.value()))));
            return false;
        }
        decided_ = *truth == stopper_;
        if (decided_) {
            error_.reset();
        }
        return decided_;
    }

    Result<Value> result() && {
        if (error_) {
            return std::move(*error_);
        }
        return Value(decided_ ? stopper_ : !stopper_);
    }

  private:
    void keep(Error error) {
        if (!error_ || is_final(error)) {
            error_ = std::move(error);
        }
    }

    bool stopper_;
    std::string_view name_;
    bool decided_ = false;
    std::optional<Error> error_;
};

/// A list, or a map's keys.
class MacroRange {
  public:
    explicit MacroRange(Value value) : value_(std::move(value)) {
        list_ = value_.list();
        map_ = value_.entries();
    }

    bool valid() const { return list_ || map_; }
    std::size_t size() const { return list_ ? list_->size() : map_->size(); }
    const Value& operator[](std::size_t index) const {
        return list_ ? (*list_)[index] : (*map_)[index].first;
    }
    const Value& value() const { return value_; }

  private:
    Value value_;
    const ValueList* list_;
    const ValueEntries* map_;
};

/// Runs a program by recursion over its nodes; the compiler bounds the depth. Each kind of node
/// has a function of its own, to keep the frame of the recursion small.
class ExpressionMachine {
  public:
    ExpressionMachine(const Program& program, const Environment& environment, CostMeter& meter)
        : program_(program), environment_(environment), meter_(meter) {
        if (program.local_count > 0) {
            locals_.resize(program.local_count);
        }
        variables_.resize(program.slots.size());
    }

    Result<Value> run(std::uint32_t index) {
        if (!meter_.take_steps(1)) {
            return budget_error();
        }
        const ProgramNode& node = program_.nodes[index];
        switch (node.op) {
            case ProgramOp::constant:
                return program_.constants[node.operand];
            case ProgramOp::variable:
                return variable(node);
            case ProgramOp::local:
                return locals_[node.operand];
            case ProgramOp::select:
            case ProgramOp::has:
                return select(node);
            case ProgramOp::call:
                return call(node);
            case ProgramOp::all_of:
            case ProgramOp::any_of:
                return join(node);
            case ProgramOp::conditional:
                return choose(node);
            case ProgramOp::list:
                return list(node);
            case ProgramOp::map:
                return map(node);
            case ProgramOp::all:
            case ProgramOp::exists:
                return quantify(node);
            case ProgramOp::exists_one:
                return count_one(node);
            case ProgramOp::filter:
                return filter(node);
            case ProgramOp::transform:
                return transform(node);
            case ProgramOp::fail:
                return evaluation_error(program_.names[node.operand]);
        }
        SILLAGE_ASSERT(false);
    }

  private:
    std::uint32_t child(const ProgramNode& node, std::uint32_t position) const {
        return program_.children[node.first + position];
    }

    Result<Value> variable(const ProgramNode& node) {
        if (!environment_.variable) {
            return evaluation_error("this expression may read no variables here");
        }
        // Asked once: the host may build a large map for it, and a macro may ask often.
        std::optional<Value>& known = variables_[node.operand];
        if (!known) {
            SILLAGE_TRY(known,
                        environment_.variable(environment_.host, program_.slots[node.operand]));
        }
        return *known;
    }

    Result<Value> select(const ProgramNode& node) {
        SILLAGE_TRY(const auto operand, run(child(node, 0)));
        const std::string& name = program_.names[node.operand];
        const auto* map = operand.entries();
        if (!map) {
            return evaluation_error(
                fmt::format("no such overload: field {} of {}", name, type_name(operand)));
        }
        const Value* found = find_entry(meter_, *map, std::string_view(name));
        if (meter_.exhausted()) {
            return budget_error();
        }
        if (node.op == ProgramOp::has) {
            return Value(found != nullptr);
        }
        if (found) {
            return *found;
        }
        if (node.null_when_absent) {
            return Value();
        }
        return evaluation_error("no such key: " + name);
    }

    Result<Value> call(const ProgramNode& node) {
        constexpr std::size_t held = 3;  // all but min() and max() of many
        std::array<Value, held> few;
        std::vector<Value> many(node.count > held ? node.count : 0);
        const std::span<Value> arguments =
            many.empty() ? std::span<Value>(few).first(node.count) : std::span<Value>(many);
        for (std::uint32_t i = 0; i < node.count; ++i) {
            SILLAGE_TRY(arguments[i], run(child(node, i)));
        }
        CallFrame frame{
            .function = *node.function,
            .meter = meter_,
            .environment = environment_,
            .pattern = node.operand > 0 ? program_.patterns[node.operand - 1].get() : nullptr};
        return node.function->body(frame, arguments);
    }

    Result<Value> join(const ProgramNode& node) {
        const bool any = node.op == ProgramOp::any_of;
        TruthJoin truths(any, any ? "||" : "&&");
        for (std::uint32_t i = 0; i < node.count; ++i) {
            if (truths.take(run(child(node, i)))) {
                break;
            }
        }
        return std::move(truths).result();
    }

    Result<Value> choose(const ProgramNode& node) {
        SILLAGE_TRY(const auto condition, run(child(node, 0)));
        const auto* truth = condition.get_if<bool>();
        if (!truth) {
            return evaluation_error(
                fmt::format("no such overload: {} ? … : …", type_name(condition)));
        }
        return run(child(node, *truth ? 1 : 2));
    }

    Result<Value> list(const ProgramNode& node) {
        if (!meter_.take_bytes(node.count * sizeof(Value))) {
            return budget_error();
        }
        ValueList items;
        items.reserve(node.count);
        for (std::uint32_t i = 0; i < node.count; ++i) {
            SILLAGE_TRY(auto item, run(child(node, i)));
            items.push_back(std::move(item));
        }
        return list_value(std::move(items));
    }

    Result<Value> map(const ProgramNode& node) {
        if (!meter_.take_bytes(node.count * sizeof(Value))) {
            return budget_error();
        }
        ValueEntries entries;
        entries.reserve(node.count / 2);
        for (std::uint32_t i = 0; i < node.count; i += 2) {
            SILLAGE_TRY(auto key, run(child(node, i)));
            SILLAGE_TRY(check_key(entries, key));
            SILLAGE_TRY(auto value, run(child(node, i + 1)));
            entries.emplace_back(std::move(key), std::move(value));
        }
        return map_value(std::move(entries));
    }

    Result<void> check_key(const ValueEntries& entries, const Value& key) {
        const bool allowed = key.get_if<bool>() || key.get_if<std::int64_t>() ||
                             key.get_if<std::uint64_t>() || key.text();
        if (!allowed) {
            return evaluation_error(fmt::format("unsupported key type: {}", type_name(key)));
        }
        const bool repeated = find_entry(meter_, entries, key) != nullptr;
        if (meter_.exhausted()) {
            return budget_error();
        }
        if (repeated) {
            return evaluation_error("repeated key in a map");
        }
        return success();
    }

    Result<MacroRange> range_of(const ProgramNode& node) {
        SILLAGE_TRY(auto value, run(child(node, 0)));
        MacroRange range(std::move(value));
        if (!range.valid()) {
            return evaluation_error(
                fmt::format("no such overload: a macro over {}", type_name(range.value())));
        }
        return range;
    }

    /// The macro's body at `position` for one item.
    Result<Value> body(const ProgramNode& node, const Value& item, std::uint32_t position) {
        locals_[node.operand] = item;
        return run(child(node, position));
    }

    Result<bool> predicate(const ProgramNode& node, const Value& item) {
        SILLAGE_TRY(const auto value, body(node, item, 1));
        const auto* truth = value.get_if<bool>();
        if (!truth) {
            return evaluation_error(
                fmt::format("no such overload: a condition of {}", type_name(value)));
        }
        return *truth;
    }

    Result<Value> quantify(const ProgramNode& node) {
        SILLAGE_TRY(const auto range, range_of(node));
        const bool any = node.op == ProgramOp::exists;
        TruthJoin truths(any, any ? "exists()" : "all()");
        for (std::size_t i = 0; i < range.size(); ++i) {
            if (truths.take(body(node, range[i], 1))) {
                break;
            }
        }
        return std::move(truths).result();
    }

    Result<Value> count_one(const ProgramNode& node) {
        SILLAGE_TRY(const auto range, range_of(node));
        std::size_t count = 0;
        for (std::size_t i = 0; i < range.size(); ++i) {
            SILLAGE_TRY(const bool holds, predicate(node, range[i]));
            count += holds ? 1U : 0U;
        }
        return Value(count == 1);
    }

    Result<Value> filter(const ProgramNode& node) {
        SILLAGE_TRY(const auto range, range_of(node));
        ValueList kept;
        for (std::size_t i = 0; i < range.size(); ++i) {
            SILLAGE_TRY(const bool holds, predicate(node, range[i]));
            if (holds && !meter_.take_bytes(sizeof(Value))) {
                return budget_error();
            }
            if (holds) {
                kept.push_back(range[i]);
            }
        }
        return list_value(std::move(kept));
    }

    Result<Value> transform(const ProgramNode& node) {
        SILLAGE_TRY(const auto range, range_of(node));
        const bool filtered = node.count == 3;
        ValueList made;
        for (std::size_t i = 0; i < range.size(); ++i) {
            if (filtered) {
                SILLAGE_TRY(const bool holds, predicate(node, range[i]));
                if (!holds) {
                    continue;
                }
            }
            if (!meter_.take_bytes(sizeof(Value))) {
                return budget_error();
            }
            SILLAGE_TRY(auto value, body(node, range[i], node.count - 1));
            made.push_back(std::move(value));
        }
        return list_value(std::move(made));
    }

    const Program& program_;
    const Environment& environment_;
    CostMeter& meter_;
    std::vector<Value> locals_;
    /// Most expressions read fewer variables than stand here without an allocation.
    boost::container::small_vector<std::optional<Value>, 6> variables_;
};

}  // namespace

Result<Value> run_program(const Program& program, std::uint32_t node,
                          const Environment& environment, CostMeter& meter) {
    return ExpressionMachine(program, environment, meter).run(node);
}

Result<Value> evaluate(const Expression& expression, const Environment& environment,
                       EvaluationBudget budget) {
    if (!expression.program) {
        return evaluation_error("the expression could not be read: " + expression.text);
    }
    CostMeter meter(budget);
    SILLAGE_TRY(auto value,
                run_program(*expression.program, expression.program->root, environment, meter));
    if (!take_whole(meter, value)) {
        return budget_error();
    }
    return value;
}

}  // namespace sillage
