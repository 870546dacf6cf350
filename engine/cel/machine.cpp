#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <optional>
#include <utility>

#include "engine/base/assert.hpp"
#include "engine/cel/detail/operators.hpp"
#include "engine/cel/detail/program.hpp"
#include "engine/cel/detail/variables.hpp"

// Runs the instructions of a program in turn. Two things keep it quick: what ints, doubles and
// truths need stands here, without a call; and errors are out of band. An instruction that fails
// leaves its error in `error_`; then the join is looked up whose operand it is, if any. What makes
// messages or calls functions is kept out of line: it would cost the quick ways their registers.

namespace sillage {
namespace {

/// Most programs have no more of these; those of more take an allocation.
constexpr std::size_t registers_in_place = 8;
constexpr std::size_t paths_in_place = 16;
constexpr std::size_t made_in_place = 1;  // of the lists and maps that are made at one time

std::string_view name_of(Joiner joiner) {
    switch (joiner) {
        case Joiner::all_of:
            return "&&";
        case Joiner::any_of:
            return "||";
        case Joiner::all:
            return "all()";
        case Joiner::exists:
            return "exists()";
    }
    return {};
}

/// The truth that decides a join whatever the other operands are.
bool stopper_of(Joiner joiner) { return joiner == Joiner::any_of || joiner == Joiner::exists; }

/// How two numbers of one type compare.
template <class T>
bool compared(ProgramOp op, T a, T b) {
    return op == ProgramOp::less         ? a < b
           : op == ProgramOp::less_equal ? a <= b
           : op == ProgramOp::greater    ? a > b
                                         : a >= b;
}

/// The sum, difference or product of two ints; nothing when it overflows.
std::optional<std::int64_t> computed(ProgramOp op, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    const bool overflows = op == ProgramOp::add        ? __builtin_add_overflow(a, b, &result)
                           : op == ProgramOp::subtract ? __builtin_sub_overflow(a, b, &result)
                                                       : __builtin_mul_overflow(a, b, &result);
    return overflows ? std::nullopt : std::optional(result);
}

double computed(ProgramOp op, double a, double b) {
    return op == ProgramOp::add ? a + b : op == ProgramOp::subtract ? a - b : a * b;
}

/// Of a list or a map's keys.
std::size_t size_of(const Value& range) {
    return range.list() ? range.list()->size() : range.entries()->size();
}

const Value& item_of(const Value& range, std::size_t index) {
    return range.list() ? (*range.list())[index] : (*range.entries())[index].first;
}

class ExpressionMachine {
  public:
    ExpressionMachine(const Program& program, Evaluation& evaluation)
        : program_(program),
          environment_(evaluation.environment),
          meter_(evaluation.meter),
          error_(evaluation.error),
          registers_(program.register_count),
          loaded_(program.paths.size()),
          lists_(program.list_count),
          maps_(program.map_count),
          variables_(evaluation.environment, evaluation.meter) {}

    /// False: with the evaluation's error.
    bool run(std::uint32_t start, Value& result) {
        at_ = start;
        for (;;) {
            const Instruction& instruction = program_.code[at_];
            if (!meter_.take_steps(instruction.steps)) {
                return fail(budget_error());
            }
            if (instruction.op == ProgramOp::end) {
                give(value(instruction.left), result);
                return true;
            }
            ++at_;
            if (!execute(instruction) && !recover()) {
                return false;
            }
        }
    }

  private:
    /// False: it failed, with `error_`.
    bool execute(const Instruction& instruction) {
        switch (instruction.op) {
            case ProgramOp::load:
                return loaded_[instruction.left] || load(instruction.left);
            case ProgramOp::copy:
                return put(instruction.target, value(instruction.left));
            case ProgramOp::fail:
                return fail(instruction);
            case ProgramOp::select:
            case ProgramOp::has:
                return select(instruction);
            case ProgramOp::equal:
            case ProgramOp::not_equal:
                return equate(instruction);
            case ProgramOp::less:
            case ProgramOp::less_equal:
            case ProgramOp::greater:
            case ProgramOp::greater_equal:
                return compare(instruction);
            case ProgramOp::add:
            case ProgramOp::subtract:
            case ProgramOp::multiply:
                return compute(instruction);
            case ProgramOp::invert:
                return invert(instruction);
            case ProgramOp::call:
                return call(instruction,
                            std::span(registers_.data() + instruction.left, instruction.right));
            case ProgramOp::jump:
            case ProgramOp::choose:
            case ProgramOp::skip_unless:
                return jump(instruction);
            case ProgramOp::join_begin:
                return set(instruction.target, NullValue{});
            case ProgramOp::join:
                return join(instruction);
            case ProgramOp::join_end:
                return end_join(instruction);
            case ProgramOp::loop_begin:
            case ProgramOp::loop_next:
            case ProgramOp::count:
            case ProgramOp::is_one:
                return loop(instruction);
            case ProgramOp::list_begin:
            case ProgramOp::list_add:
            case ProgramOp::list_end:
                return make_list(instruction);
            case ProgramOp::map_begin:
            case ProgramOp::map_key:
            case ProgramOp::map_value:
            case ProgramOp::map_end:
                return make_map(instruction);
            case ProgramOp::end:
                break;
        }
        SILLAGE_ASSERT(false);
    }

    const Value& value(std::uint32_t operand) const {
        return (operand & constant_operand) != 0 ? program_.constants[operand & ~constant_operand]
                                                 : registers_[operand];
    }

    static void give(const Value& made, Value& result) {
        if (const auto* truth = made.get_if<bool>()) {
            result.set(*truth);  // what guards want, in place
        } else {
            result = made;
        }
    }

    template <class T>
    bool set(std::uint32_t target, T scalar) {
        registers_[target].set(scalar);
        return true;
    }
    bool put(std::uint32_t target, Value made) {
        registers_[target] = std::move(made);
        return true;
    }

    // Errors

    bool fail(Error error) {
        error_ = std::move(error);
        return false;
    }

    [[gnu::noinline]] bool fail(const Instruction& instruction) {
        return fail(evaluation_error(program_.names[instruction.left]));
    }

    /// `no such overload: … int …`
    [[gnu::noinline]] bool fail_for(const Value& value, std::string_view before,
                                    std::string_view after = "") {
        return fail(evaluation_error(
            fmt::format("no such overload: {}{}{}", before, type_name(value), after)));
    }

    /// Hands the error of the instruction before `at_` to the innermost join around it. False when
    /// there is none, or the budget is used up, which nothing absorbs.
    [[gnu::noinline]] bool recover() {
        const std::uint32_t failed = at_ - 1;
        const auto handler =
            std::ranges::find_if(program_.handlers, [&](const ErrorHandler& candidate) {
                return candidate.first <= failed && failed < candidate.join;
            });
        if (error_->code == ErrorCode::limit_exceeded || handler == program_.handlers.end()) {
            return false;
        }
        keep(program_.code[handler->join].target, *std::move(error_));
        error_.reset();
        at_ = handler->join + 1;
        return true;
    }

    /// The first error of a join's operands is remembered: its register holds which one it is.
    void keep(std::uint32_t join, Error error) {
        if (!registers_[join].is_null()) {
            return;
        }
        const auto known = std::ranges::find(kept_, join, &KeptError::join);
        if (known == kept_.end()) {
            kept_.push_back({join, std::move(error)});
        } else {
            known->error = std::move(error);
        }
        registers_[join].set(std::int64_t{join});
    }

    // Variables and members

    bool load(std::uint32_t path) {
        if (environment_.read &&
            environment_.read(environment_.host, program_.paths[path], registers_[path])) {
            loaded_[path] = true;
            return true;
        }
        return load_by_variable(path);
    }

    [[gnu::noinline]] bool load_by_variable(std::uint32_t path) {
        auto read = variables_.read(program_.paths[path]);
        if (!read) {
            return fail(std::move(read).error());
        }
        loaded_[path] = true;
        return put(path, std::move(read).value());
    }

    [[gnu::noinline]] bool select(const Instruction& instruction) {
        auto found = find_member(meter_, value(instruction.left),
                                 {.name = program_.names[instruction.right],
                                  .null_when_absent = instruction.flag,
                                  .presence = instruction.op == ProgramOp::has});
        return found ? put(instruction.target, *found.value()) : fail(std::move(found).error());
    }

    // Operators and functions

    [[gnu::noinline]] bool equate(const Instruction& instruction) {
        const bool same = equal_within(meter_, value(instruction.left), value(instruction.right));
        if (meter_.exhausted()) {
            return fail(budget_error());
        }
        return set(instruction.target, same == (instruction.op == ProgramOp::equal));
    }

    bool compare(const Instruction& instruction) {
        const Value& a = value(instruction.left);
        const Value& b = value(instruction.right);
        if (const auto* left = a.get_if<std::int64_t>()) {
            if (const auto* right = b.get_if<std::int64_t>()) {
                return set(instruction.target, compared(instruction.op, *left, *right));
            }
        } else if (const auto* number = a.get_if<double>()) {
            if (const auto* right = b.get_if<double>()) {
                return set(instruction.target, compared(instruction.op, *number, *right));
            }
        }
        return call_operator(instruction);
    }

    bool compute(const Instruction& instruction) {
        const Value& a = value(instruction.left);
        const Value& b = value(instruction.right);
        const auto* left = a.get_if<std::int64_t>();
        const auto* right = b.get_if<std::int64_t>();
        if (const auto result =
                left && right ? computed(instruction.op, *left, *right) : std::nullopt) {
            return set(instruction.target, *result);
        }
        const auto* number = a.get_if<double>();
        const auto* other = b.get_if<double>();
        if (number && other) {
            return set(instruction.target, computed(instruction.op, *number, *other));
        }
        return call_operator(instruction);
    }

    bool invert(const Instruction& instruction) {
        const Value& operand = value(instruction.left);
        const auto* truth = operand.get_if<bool>();
        return truth ? set(instruction.target, !*truth) : call_operator(instruction);
    }

    /// By its function.
    [[gnu::noinline]] bool call_operator(const Instruction& instruction) {
        const std::array operands{value(instruction.left), value(instruction.right)};
        const std::size_t count = instruction.op == ProgramOp::invert ? 1 : 2;
        return call(instruction, std::span(operands).first(count));
    }

    [[gnu::noinline]] bool call(const Instruction& instruction, std::span<const Value> arguments) {
        const bool has_pattern = instruction.op == ProgramOp::call && instruction.extra > 0;
        CallFrame frame{
            .function = *instruction.function,
            .meter = meter_,
            .environment = environment_,
            .pattern = has_pattern ? program_.patterns[instruction.extra - 1].get() : nullptr};
        auto result = instruction.function->body(frame, arguments);
        return result ? put(instruction.target, std::move(result).value())
                      : fail(std::move(result).error());
    }

    // `?:`, `&&`, `||`

    bool jump(const Instruction& instruction) {
        if (instruction.op == ProgramOp::jump) {
            at_ = instruction.right;
            return true;
        }
        const auto* truth = value(instruction.left).get_if<bool>();
        if (!truth) {
            return instruction.op == ProgramOp::choose
                       ? fail_for(value(instruction.left), "", " ? … : …")
                       : fail_for(value(instruction.left), "a condition of ");
        }
        at_ = *truth ? at_ : instruction.right;
        return true;
    }

    /// A join's register is null until an operand decides or fails.
    bool join(const Instruction& instruction) {
        const auto joiner = static_cast<Joiner>(instruction.extra);
        const auto* truth = value(instruction.left).get_if<bool>();
        if (!truth) {
            return keep_for(instruction);
        }
        if (*truth == stopper_of(joiner)) {
            at_ = instruction.right;
            return set(instruction.target, *truth);
        }
        return true;
    }

    /// An operand that is no truth is an error like others.
    [[gnu::noinline]] bool keep_for(const Instruction& instruction) {
        const std::string_view name = name_of(static_cast<Joiner>(instruction.extra));
        keep(instruction.target, evaluation_error(fmt::format("no such overload: {} of {}", name,
                                                              type_name(value(instruction.left)))));
        return true;
    }

    bool end_join(const Instruction& instruction) {
        const auto joiner = static_cast<Joiner>(instruction.extra);
        return registers_[instruction.target].is_null()
                   ? set(instruction.target, !stopper_of(joiner))
                   : fail_kept(instruction.target);
    }

    [[gnu::noinline]] bool fail_kept(std::uint32_t join) {
        return fail(std::move(std::ranges::find(kept_, join, &KeptError::join)->error));
    }

    // Macros

    bool loop(const Instruction& instruction) {
        Value& target = registers_[instruction.target];
        if (instruction.op == ProgramOp::is_one) {
            target.set(*target.get_if<std::int64_t>() == 1);
            return true;
        }
        const Value& operand = value(instruction.left);
        if (instruction.op == ProgramOp::loop_begin) {
            target.set(std::int64_t{0});
            return operand.list() || operand.entries() || fail_for(operand, "a macro over ");
        }
        const std::int64_t counted = *target.get_if<std::int64_t>();
        if (instruction.op == ProgramOp::loop_next) {
            const auto index = static_cast<std::size_t>(counted);
            if (index >= size_of(operand)) {
                at_ = instruction.right;
                return true;
            }
            target.set(counted + 1);
            return put(instruction.target + 1, item_of(operand, index));
        }
        const auto* truth = operand.get_if<bool>();
        if (!truth) {
            return fail_for(operand, "a condition of ");
        }
        target.set(counted + (*truth ? 1 : 0));
        return true;
    }

    // Lists and maps

    [[gnu::noinline]] bool make_list(const Instruction& instruction) {
        ValueList& items = lists_[instruction.extra];
        if (instruction.op == ProgramOp::list_end) {
            return put(instruction.target, list_value(std::exchange(items, {})));
        }
        const std::size_t made =
            instruction.op == ProgramOp::list_begin ? instruction.right : instruction.flag;
        if (!meter_.take_bytes(made * sizeof(Value))) {
            return fail(budget_error());
        }
        if (instruction.op == ProgramOp::list_begin) {
            items.clear();
            items.reserve(instruction.right);
        } else {
            items.push_back(value(instruction.left));
        }
        return true;
    }

    [[gnu::noinline]] bool make_map(const Instruction& instruction) {
        ValueEntries& entries = maps_[instruction.extra];
        if (instruction.op == ProgramOp::map_begin) {
            entries.clear();
            entries.reserve(instruction.right / 2);
            return meter_.take_bytes(instruction.right * sizeof(Value)) || fail(budget_error());
        }
        if (instruction.op == ProgramOp::map_end) {
            return put(instruction.target, map_value(std::exchange(entries, {})));
        }
        const Value& part = value(instruction.left);
        if (instruction.op == ProgramOp::map_value) {
            entries.back().second = part;
            return true;
        }
        if (!check_key(entries, part)) {
            return false;
        }
        entries.emplace_back(part, Value());
        return true;
    }

    bool check_key(const ValueEntries& entries, const Value& key) {
        const bool allowed = key.get_if<bool>() || key.get_if<std::int64_t>() ||
                             key.get_if<std::uint64_t>() || key.text();
        if (!allowed) {
            return fail(evaluation_error(fmt::format("unsupported key type: {}", type_name(key))));
        }
        const bool repeated = find_entry(meter_, entries, key) != nullptr;
        if (meter_.exhausted()) {
            return fail(budget_error());
        }
        return !repeated || fail(evaluation_error("repeated key in a map"));
    }

    struct KeptError {
        std::uint32_t join;
        Error error;
    };

    const Program& program_;
    const Environment& environment_;
    CostMeter& meter_;
    std::optional<Error>& error_;
    /// Of the next instruction.
    std::uint32_t at_ = 0;
    boost::container::small_vector<Value, registers_in_place> registers_;
    boost::container::small_vector<bool, paths_in_place> loaded_;
    boost::container::small_vector<ValueList, made_in_place> lists_;
    boost::container::small_vector<ValueEntries, made_in_place> maps_;
    std::vector<KeptError> kept_;
    Variables variables_;
};

}  // namespace

bool run_program(const Program& program, std::uint32_t start, Evaluation& evaluation) {
    return ExpressionMachine(program, evaluation).run(start, evaluation.value);
}

}  // namespace sillage
