#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/value.hpp"

namespace sillage {

enum class ProgramOp : std::uint8_t {
    constant,  ///< operand: index in constants
    variable,  ///< operand: index in slots
    local,     ///< operand: depth of the macro's variable
    select,    ///< operand: index in names
    has,       ///< operand: index in names
    call,      ///< operand: 1 + index in patterns, or 0
    all_of,
    any_of,
    conditional,
    list,
    map,
    all,  ///< and the other macros; operand: depth of the variable
    exists,
    exists_one,
    filter,
    transform,
    fail  ///< operand: index in names, the message
};

/// One operation. Its operands are `children[first … first + count)`.
struct ProgramNode {
    ProgramOp op = ProgramOp::constant;
    /// Of select: an absent member is null.
    bool null_when_absent = false;
    std::uint32_t operand = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    const FunctionInfo* function = nullptr;
};

/// An expression in its flat form: nodes linked by index, never changed once compiled.
class Program {
  public:
    std::vector<ProgramNode> nodes = {};
    std::vector<std::uint32_t> children = {};
    std::vector<Value> constants = {};
    std::vector<std::string> names = {};
    /// Of the variables it reads, each once.
    std::vector<std::size_t> slots = {};
    std::vector<std::shared_ptr<const re2::RE2>> patterns = {};
    std::uint32_t root = 0;
    /// Macro variables that live at one time.
    std::uint32_t local_count = 0;
};

/// Evaluates one node and what hangs below it.
[[nodiscard]] Result<Value> run_program(const Program& program, std::uint32_t node,
                                        const Environment& environment, CostMeter& meter);

}  // namespace sillage
