#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sillage::test {

enum class TokenKind { word, number, text, mark };

/// One token of C++ as far as the house rules need it. Every mark is a single character but `::`,
/// `->` and `+=`; a text is the content of a string literal, without its quotes.
struct Token {
    TokenKind kind = TokenKind::mark;
    std::string text = {};
    std::size_t line = 0;
    bool in_directive = false;

    [[nodiscard]] bool is(std::string_view mark_or_word) const {
        return (kind == TokenKind::mark || kind == TokenKind::word) && text == mark_or_word;
    }
};

/// A comment, line by line, without its slashes.
struct Comment {
    std::string text = {};
    std::size_t line = 0;
};

/// `#include "engine/base/json.hpp"` is `{path, quoted = true}`, `<thread>` is `{"thread", false}`.
struct Include {
    std::string path = {};
    bool quoted = false;
    std::size_t line = 0;
};

struct Scan {
    std::vector<Token> tokens = {};
    std::vector<Comment> comments = {};
    std::vector<Include> includes = {};
};

/// Splits C++ into tokens and comments; reads no file and expands no macro.
[[nodiscard]] Scan scan_cpp(std::string_view source);

}  // namespace sillage::test
