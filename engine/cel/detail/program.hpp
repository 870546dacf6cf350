#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/value.hpp"

namespace sillage {

/// An instruction's operands are registers or constants, `left` and `right` unless it says
/// otherwise; what it makes goes to the register `target`.
enum class ProgramOp : std::uint8_t {
    load,    ///< the register of path `left`, once in an evaluation
    copy,    ///< `left`
    fail,    ///< with the message names[left]
    select,  ///< the member names[right] of `left`; `flag`: null when it is absent
    has,     ///< whether it is there

    // Operators, quick for ints, doubles and truths; the function does the others.
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    add,
    subtract,
    multiply,
    invert,  ///< `!left`
    call,    ///< the function on registers `left … left + right`; extra: 1 + its pattern, or 0

    // `?:`; places in the code are in `right`
    jump,
    choose,       ///< jumps unless `left`
    skip_unless,  ///< the same, of a macro

    // `&&`, `||`, all() and exists(): what is decided so far is in `target`; extra: the Joiner
    join_begin,
    join,  ///< takes the truth `left`; jumps when all is decided
    join_end,

    // Macros: `target` counts, the register after it is the item, `left` the range
    loop_begin,
    loop_next,  ///< jumps after the last item
    count,      ///< one more when `left` holds
    is_one,

    // Lists and maps; extra: which of those being made
    list_begin,  ///< right: how many items will come, to be charged
    list_add,    ///< flag: charged here
    list_end,
    map_begin,
    map_key,
    map_value,
    map_end,

    end  ///< with `left`
};

/// What a join joins; its name stands in errors.
enum class Joiner : std::uint8_t { all_of, any_of, all, exists };

struct Instruction {
    ProgramOp op = ProgramOp::end;
    bool flag = false;
    /// Nodes of the expression's tree that it stands for: what it costs.
    std::uint16_t steps = 0;
    std::uint32_t target = 0;
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t extra = 0;
    const FunctionInfo* function = nullptr;
};

/// Marks an operand that is an index in the constants, not a register.
inline constexpr std::uint32_t constant_operand = 1U << 31U;

/// An error in code[first … join) is an operand of that join, which may absorb it.
struct ErrorHandler {
    std::uint32_t first = 0;
    std::uint32_t join = 0;
};

/// An expression in its flat form, never changed once compiled.
class Program {
  public:
    std::vector<Instruction> code = {};
    std::vector<Value> constants = {};
    std::vector<std::string> names = {};
    /// What it reads, each once; path i is kept in register i.
    std::vector<VariablePath> paths = {};
    std::vector<std::shared_ptr<const re2::RE2>> patterns = {};
    /// Inner ones before outer ones.
    std::vector<ErrorHandler> handlers = {};
    std::uint32_t register_count = 0;
    /// Lists and maps that are being made at one time.
    std::uint32_t list_count = 0;
    std::uint32_t map_count = 0;
};

/// One evaluation and what came of it. No Result: that holds room for an Error, which costs more
/// than a comparison.
struct Evaluation {
    const Environment& environment;
    CostMeter meter;
    /// Its texts may be borrowed from what the environment reads.
    Value value = {};
    /// Set when there is no value.
    std::optional<Error> error = {};
};

/// Runs from that instruction to the end; false with an error.
[[nodiscard]] bool run_program(const Program& program, std::uint32_t start, Evaluation& evaluation);

}  // namespace sillage
