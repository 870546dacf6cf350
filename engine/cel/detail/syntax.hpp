#pragma once

#include <boost/outcome/std_result.hpp>
#include <boost/outcome/try.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/cel/compile.hpp"
#include "engine/cel/value.hpp"

namespace sillage {

/// Bounds of an expression's text. Chosen: the longest guard of the shipped workflow has 250
/// bytes and nests 4 deep; the CEL specification asks for 12 levels and 32 repetitions.
inline constexpr std::size_t expression_bytes_max = 65'536;
/// Brackets, `?:` and prefix operators inside one another: the parser's recursion.
inline constexpr std::size_t nesting_max = 250;
/// Levels of the syntax tree, chains such as `a + b + c` counted: the evaluator's recursion,
/// which takes about a kilobyte a level, eight under AddressSanitizer.
inline constexpr std::size_t tree_depth_max = 500;

/// A part of reading: a value, or the one finding that ends it.
template <class T>
using Parsed = boost::outcome_v2::std_checked<T, ExpressionFinding>;

using SyntaxIndex = std::uint32_t;

enum class SyntaxKind {
    literal,
    name,
    select,  ///< children: operand
    has,     ///< the macro; children: operand of the selection
    index,   ///< children: operand, key
    call,    ///< `name(children…)`, or of an operator
    method,  ///< `children[0].name(children[1…])`
    all_of,  ///< `&&`, two or more children
    any_of,  ///< `||`, two or more children
    conditional,
    list,
    map,  ///< children: key, value, key, value, …
    /// The macros; `name` is the variable. Children: range, predicate.
    all,
    exists,
    exists_one,
    filter,
    transform  ///< `map`; children: range, value; or range, predicate, value
};

/// How a name was understood.
enum class Resolution { none, local, slot, constant };

struct FunctionInfo;

struct SyntaxNode {
    SyntaxKind kind = SyntaxKind::literal;
    std::size_t offset = 0;
    /// Of the tree below, this level counted.
    std::size_t depth = 1;
    std::string name = {};
    Value value = {};
    std::vector<SyntaxIndex> children = {};
    /// `.name`: not a macro's variable.
    bool rooted = false;

    // What the checker finds out.
    Resolution resolution = Resolution::none;
    std::size_t slot = 0;  ///< or a macro variable's depth
    const FunctionInfo* function = nullptr;
    /// Selecting a member that is absent gives null: it is declared nullable.
    bool null_when_absent = false;
    /// What is wrong with it, to be said when it is evaluated (open scopes only).
    std::string failure = {};
};

/// A tree, its nodes in order of completion: children before parents.
struct SyntaxTree {
    std::vector<SyntaxNode> nodes = {};
    SyntaxIndex root = 0;
};

}  // namespace sillage
