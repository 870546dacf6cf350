#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/tidy/tokens.hpp"

namespace sillage::test {

/// A function, lambda or test case as the size rules see it.
struct Function {
    std::string name = {};
    std::size_t line = 0;
    /// From the first word of the declaration to the closing brace, both counted; 0: no body.
    std::size_t line_count = 0;
    std::size_t parameter_count = 0;
    /// How deep if, for, while, do, switch and try stand in each other, with or without braces.
    /// `else if` stands beside its `if`; a lambda is a function of its own and starts anew.
    std::size_t nesting = 0;
    bool is_test_case = false;
};

/// Finds the functions of a file by following its brackets. It knows declarations and statements
/// but no types: what a macro expands to is not seen.
[[nodiscard]] std::vector<Function> functions_in(const Scan& scan);

}  // namespace sillage::test
