#include "engine/yaml/detail/pieces.hpp"

#include <algorithm>

namespace sillage {
namespace {

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether the quote at that byte opens a raw string: `r"`, `br'`, not the end of a name.
bool is_raw(std::string_view text, std::size_t quote) {
    std::size_t start = quote;
    while (start > 0 && is_word_char(text[start - 1])) {
        --start;
    }
    const auto prefix = text.substr(start, quote - start);
    return prefix == "r" || prefix == "R" ||
           (prefix.size() == 2 && prefix.find_first_of("rR") != std::string_view::npos &&
            prefix.find_first_of("bB") != std::string_view::npos);
}

/// The byte after a CEL string that opens at `quote`; npos when it is not closed.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
    const std::string triple(3, text[quote]);
    const bool is_triple = text.substr(quote, 3) == triple;
    const std::string_view close = is_triple ? std::string_view(triple) : text.substr(quote, 1);
    const bool raw = is_raw(text, quote);
    for (std::size_t i = quote + close.size(); i < text.size(); ++i) {
        if (text[i] == '\\' && !raw) {
            ++i;
        } else if (text.substr(i, close.size()) == close) {
            return i + close.size();
        }
    }
    return std::string_view::npos;
}

/// The first brace that closes the expression that begins at `from`, outside CEL strings and
/// nested braces; npos when none does.
std::size_t end_of_expression(std::string_view text, std::size_t from) {
    std::size_t depth = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '"' || text[i] == '\'') {
            const std::size_t end = end_of_string(text, i);
            if (end == std::string_view::npos) {
                return end;
            }
            i = end - 1;
        } else if (text[i] == '{') {
            ++depth;
        } else if (text[i] == '}') {
            if (depth == 0) {
                return i;
            }
            --depth;
        }
    }
    return std::string_view::npos;
}

class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    /// Takes a literal spelled with `length` bytes.
    void literal(std::string_view literal, std::size_t length) {
        if (result_.pieces.empty() || result_.pieces.back().is_expression) {
            result_.pieces.push_back({.offset = at_});
        }
        result_.pieces.back().text += literal;
        at_ += length;
    }
    void expression(std::string_view open) {
        const std::size_t start = at_ + open.size();
        const std::size_t end = end_of_expression(text_, start);
        if (end == std::string_view::npos) {
            fail("the expression that begins here is not closed by }");
            return;
        }
        result_.pieces.push_back({.is_expression = true,
                                  .text = std::string(text_.substr(start, end - start)),
                                  .offset = start});
        at_ = end + 1;
    }
    void fail(std::string problem) {
        result_.problem = std::move(problem);
        result_.problem_offset = at_;
        at_ = text_.size();
    }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
    [[nodiscard]] Pieces take() { return std::move(result_); }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
    Pieces result_;
};

}  // namespace

Pieces split_text(std::string_view text) {
    Splitter splitter(text);
    while (!splitter.rest().empty()) {
        const std::string_view rest = splitter.rest();
        if (rest.starts_with("{{") || rest.starts_with("}}")) {
            splitter.literal(rest.substr(0, 1), 2);
        } else if (rest.starts_with("{")) {
            splitter.expression("{");
        } else if (rest.starts_with("}")) {
            splitter.fail("this } closes no expression; a literal one is written }}");
        } else {
            const std::size_t length = std::min(rest.find_first_of("{}"), rest.size());
            splitter.literal(rest.substr(0, length), length);
        }
    }
    return splitter.take();
}

Pieces split_template(std::string_view text) {
    Splitter splitter(text);
    while (!splitter.rest().empty()) {
        const std::string_view rest = splitter.rest();
        if (rest.starts_with("$${")) {
            splitter.literal("${", 3);
        } else if (rest.starts_with("${")) {
            splitter.expression("${");
        } else {
            const std::size_t length = std::min(rest.find('$', 1), rest.size());
            splitter.literal(rest.substr(0, length), length);
        }
    }
    return splitter.take();
}

}  // namespace sillage
