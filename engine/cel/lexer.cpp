#include "engine/cel/detail/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/cel/detail/literals.hpp"
#include "engine/cel/detail/utf8.hpp"

namespace sillage {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }

/// Longer ones first.
constexpr std::array<std::string_view, 24> symbols = {"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                                      "+",  "-",  "*",  "/",  "%",  "!",  "?", ":",
                                                      ".",  ",",  "(",  ")",  "[",  "]",  "{", "}"};

class ExpressionLexer {
  public:
    explicit ExpressionLexer(std::string_view text) : text_(text) {}

    Parsed<std::vector<ExpressionToken>> run() {
        std::vector<ExpressionToken> tokens;
        do {
            skip_blanks();
            BOOST_OUTCOME_TRY(auto token, next());
            tokens.push_back(std::move(token));
        } while (tokens.back().kind != TokenKind::end);
        return tokens;
    }

  private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void skip_blanks() {
        constexpr std::string_view blanks = " \t\n\r\f";
        while (at_ < text_.size()) {
            if (blanks.find(text_[at_]) != std::string_view::npos) {
                ++at_;
            } else if (text_.substr(at_, 2) == "//") {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else {
                return;
            }
        }
    }

    Parsed<ExpressionToken> next() {
        if (at_ == text_.size()) {
            return ExpressionToken{.kind = TokenKind::end, .offset = at_};
        }
        if (const auto prefix = quote_prefix(); prefix != std::string_view::npos) {
            return quoted(text_.substr(at_, prefix));
        }
        const char c = peek();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            return number();
        }
        if (is_word_start(c)) {
            return word();
        }
        return c == '`' ? backquoted() : symbol();
    }

    /// Length of the `r` and `b` before a quote; npos when no literal begins here.
    std::size_t quote_prefix() const {
        std::size_t raw = 0;
        std::size_t bytes = 0;
        for (std::size_t length = 0; length < 3; ++length) {
            switch (peek(length)) {
                case '"':
                case '\'':
                    return raw > 1 || bytes > 1 ? std::string_view::npos : length;
                case 'r':
                case 'R':
                    ++raw;
                    break;
                case 'b':
                case 'B':
                    ++bytes;
                    break;
                default:
                    return std::string_view::npos;
            }
        }
        return std::string_view::npos;
    }

    Parsed<ExpressionToken> quoted(std::string_view prefix) {
        const std::size_t start = at_;
        const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
        const bool bytes = prefix.find_first_of("bB") != std::string_view::npos;
        at_ += prefix.size();
        const bool triple = peek(1) == peek() && peek(2) == peek();
        const std::string_view quote = text_.substr(at_, triple ? 3 : 1);
        at_ += quote.size();
        const std::size_t body_at = at_;
        while (text_.substr(at_, quote.size()) != quote) {
            if (at_ >= text_.size() || (!triple && (peek() == '\n' || peek() == '\r'))) {
                return finding(start, "This text has no closing quote.");
            }
            at_ += !raw && peek() == '\\' && at_ + 1 < text_.size() ? 2U : 1U;
        }
        const std::string_view body = text_.substr(body_at, at_ - body_at);
        at_ += quote.size();
        std::string content(body);
        if (!raw) {
            BOOST_OUTCOME_TRY(content, unescape(body, body_at, bytes));
        }
        return ExpressionToken{
            .kind = TokenKind::literal,
            .offset = start,
            .text = text_.substr(start, at_ - start),
            .value = bytes ? bytes_value(std::move(content)) : text_value(std::move(content))};
    }

    Parsed<ExpressionToken> number() {
        const std::size_t start = at_;
        TokenKind kind = TokenKind::integer;
        if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex_digit(peek(2))) {
            at_ += 2;
            skip_while(is_hex_digit);
        } else {
            skip_while(is_digit);
            if (peek() == '.' && is_digit(peek(1))) {
                kind = TokenKind::floating;
                ++at_;
                skip_while(is_digit);
            }
            if (const std::size_t exponent = exponent_length(); exponent > 0) {
                kind = TokenKind::floating;
                at_ += exponent;
            }
        }
        const std::string_view digits = text_.substr(start, at_ - start);
        if (kind == TokenKind::integer && (peek() == 'u' || peek() == 'U')) {
            kind = TokenKind::unsigned_integer;
            ++at_;
        }
        if (is_word(peek())) {
            return finding(start, "This number runs into a name.");
        }
        return ExpressionToken{.kind = kind, .offset = start, .text = digits};
    }

    std::size_t exponent_length() const {
        if (peek() != 'e' && peek() != 'E') {
            return 0;
        }
        std::size_t length = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
        if (!is_digit(peek(length))) {
            return 0;
        }
        while (is_digit(peek(length))) {
            ++length;
        }
        return length;
    }

    Parsed<ExpressionToken> word() {
        const std::size_t start = at_;
        skip_while(is_word);
        return ExpressionToken{.kind = TokenKind::identifier,
                               .offset = start,
                               .text = text_.substr(start, at_ - start)};
    }

    Parsed<ExpressionToken> backquoted() {
        const std::size_t start = at_++;
        skip_while([](char c) {
            return is_word(c) || std::string_view(".-/ ").find(c) != std::string_view::npos;
        });
        if (peek() != '`' || at_ == start + 1) {
            return finding(start, "A field in backquotes has letters, digits and _ . - / alone.");
        }
        return ExpressionToken{.kind = TokenKind::quoted_identifier,
                               .offset = start,
                               .text = text_.substr(start + 1, at_++ - start - 1)};
    }

    Parsed<ExpressionToken> symbol() {
        const std::size_t start = at_;
        for (const std::string_view known : symbols) {
            if (text_.substr(at_).starts_with(known)) {
                at_ += known.size();
                return ExpressionToken{.kind = TokenKind::symbol, .offset = start, .text = known};
            }
        }
        return finding(start, fmt::format("This character means nothing in an expression{}.",
                                          hint_for(peek())));
    }

    static std::string_view hint_for(char c) {
        switch (c) {
            case '=':
                return "; equality is \"==\"";
            case '&':
                return "; \"and\" is \"&&\"";
            case '|':
                return "; \"or\" is \"||\"";
            default:
                return "";
        }
    }

    template <class Predicate>
    void skip_while(Predicate predicate) {
        while (at_ < text_.size() && predicate(text_[at_])) {
            ++at_;
        }
    }

    static ExpressionFinding finding(std::size_t offset, std::string message) {
        return ExpressionFinding{.offset = offset, .code = "syntax", .message = std::move(message)};
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Parsed<std::vector<ExpressionToken>> lex_expression(std::string_view text) {
    if (text.size() > expression_bytes_max) {
        return ExpressionFinding{
            .code = "expression-limit",
            .message = fmt::format("An expression has at most {} bytes.", expression_bytes_max)};
    }
    if (!is_cel_text(text)) {
        return ExpressionFinding{.code = "syntax", .message = "The expression is not UTF-8."};
    }
    return ExpressionLexer(text).run();
}

}  // namespace sillage
