#pragma once

#include <string_view>
#include <vector>

#include "engine/cel/detail/syntax.hpp"

namespace sillage {

enum class TokenKind {
    end,
    identifier,         ///< keywords and reserved words too: the parser tells them apart
    quoted_identifier,  ///< a field in backquotes; `text` is what they enclose
    integer,
    unsigned_integer,  ///< `text` without its suffix
    floating,
    literal,  ///< a string or bytes; `value` holds it
    symbol
};

struct ExpressionToken {
    TokenKind kind = TokenKind::end;
    std::size_t offset = 0;
    std::string_view text = {};
    Value value = {};
};

/// All tokens, the last of kind `end`. They point into `text`.
[[nodiscard]] Parsed<std::vector<ExpressionToken>> lex_expression(std::string_view text);

}  // namespace sillage
