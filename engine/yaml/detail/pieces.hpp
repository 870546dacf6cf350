#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sillage {

/// A part of a text: literal, or an expression that begins at a byte of it.
struct Piece {
    bool is_expression = false;
    std::string text = {};
    std::size_t offset = 0;
};

struct Pieces {
    std::vector<Piece> pieces = {};
    /// What is wrong, or empty, and at which byte.
    std::string problem = {};
    std::size_t problem_offset = 0;
};

/// Splits `The score is {score}.`: `{{` and `}}` are literal braces.
[[nodiscard]] Pieces split_text(std::string_view text);

/// Splits `Score ${score}`: `$${` is a literal `${`.
[[nodiscard]] Pieces split_template(std::string_view text);

}  // namespace sillage
