// A recursive descent over tokens: declarations in scopes, statements in bodies, and expressions
// only as far as lambdas hide in them. Angle brackets count as brackets in declarations, never in
// expressions, where they may be comparisons.
#include "tests/tidy/functions.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace sillage::test {
namespace {

class FunctionFinder {
  public:
    explicit FunctionFinder(const Scan& scan) {
        std::copy_if(scan.tokens.begin(), scan.tokens.end(), std::back_inserter(tokens_),
                     [](const Token& token) { return !token.in_directive; });
    }

    std::vector<Function> run() {
        while (!at_end()) {
            read_scope();
            ++at_;  // a closing brace too many: go on behind it
        }
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool at_end() const { return at_ >= tokens_.size(); }
    [[nodiscard]] const Token& token(std::size_t index) const {
        static const Token nothing;
        return index < tokens_.size() ? tokens_[index] : nothing;
    }
    [[nodiscard]] bool is(std::string_view text) const { return token(at_).is(text); }
    [[nodiscard]] bool is_any(std::initializer_list<std::string_view> texts) const {
        return std::any_of(texts.begin(), texts.end(), [this](auto text) { return is(text); });
    }
    [[nodiscard]] bool starts(std::string_view prefix) const {
        return token(at_).kind == TokenKind::word && token(at_).text.starts_with(prefix);
    }

    /// At an opening bracket: goes behind its closing one.
    void skip_brackets() {
        std::size_t depth = 0;
        do {
            depth += is_any({"(", "[", "{"}) ? 1U : 0U;
            depth -= is_any({")", "]", "}"}) && depth > 0 ? 1U : 0U;
            ++at_;
        } while (!at_end() && depth > 0);
    }

    /// At `<`: goes behind its `>`; one token on when it was a comparison.
    void skip_angles() {
        const std::size_t begin = at_;
        std::size_t depth = 0;
        do {
            if (at_end() || is_any({";", "{", "}"})) {
                at_ = begin + 1;
                return;
            }
            if (is_any({"(", "["})) {
                skip_brackets();
                continue;
            }
            depth += is("<") ? 1U : 0U;
            depth -= is(">") ? 1U : 0U;
            ++at_;
        } while (depth > 0);
    }

    /// Declarations up to the closing brace, which stays.
    void read_scope() {
        while (!at_end() && !is("}")) {
            read_declaration();
        }
    }
    void read_braced_scope() {
        ++at_;
        read_scope();
        ++at_;
    }

    void skip_to(std::initializer_list<std::string_view> stops) {
        while (!at_end() && !is_any(stops)) {
            is_any({"(", "["}) ? skip_brackets() : static_cast<void>(++at_);
        }
    }

    void read_declaration() {
        const bool opens_scope =
            is("namespace") || (is("inline") && token(at_ + 1).is("namespace")) ||
            (is("extern") && token(at_ + 1).kind == TokenKind::text) || starts("TEST_SUITE");
        if (opens_scope) {
            skip_to({"{", ";"});
            is("{") ? read_braced_scope() : static_cast<void>(++at_);
        } else if (is("template")) {
            ++at_;
            is("<") ? skip_angles() : static_cast<void>(0);
        } else if (is_any({"public", "private", "protected"}) && token(at_ + 1).is(":")) {
            at_ += 2;
        } else if (starts("TEST_CASE")) {
            read_test_case();
        } else if (is_any({"using", "typedef", "static_assert"})) {
            skip_to({";"});
            ++at_;
        } else {
            read_declarator();
        }
    }

    void read_test_case() {
        Function function{.name = "this test case", .line = token(at_).line, .is_test_case = true};
        skip_to({"{", ";"});
        if (is("{")) {
            read_body(std::move(function));
        }
    }

    /// A type, a variable or a function, to its end.
    void read_declarator() {
        const std::size_t line = token(at_).line;
        bool is_type = false;
        while (!at_end() && !is("}")) {
            if (is(";")) {
                ++at_;
                return;
            }
            if (is("=")) {
                read_expression();
            } else if (is("(") && !is_attribute(token(at_ - 1))) {
                read_function(line);
                return;
            } else if (is("{")) {
                is_type ? read_braced_scope() : read_group();
            } else {
                is_type = is_type || is_any({"class", "struct", "union"});
                step_in_declarator();
            }
        }
    }

    void step_in_declarator() {
        if (is("operator")) {
            ++at_;
            at_ += is("(") ? 2U : 0U;
            while (!at_end() && !is("(")) {
                ++at_;
            }
        } else if (is("<") && at_ > 0 && token(at_ - 1).kind == TokenKind::word) {
            skip_angles();
        } else if (is_any({"(", "["})) {
            skip_brackets();
        } else {
            ++at_;
        }
    }

    static bool is_attribute(const Token& before) {
        constexpr std::array<std::string_view, 6> words = {"alignas",  "decltype", "explicit",
                                                           "noexcept", "requires", "__attribute__"};
        return std::any_of(words.begin(), words.end(), [&](auto word) { return before.is(word); });
    }

    /// At the parenthesis of the parameters.
    void read_function(std::size_t line) {
        const bool named = at_ > 0 && token(at_ - 1).kind == TokenKind::word;
        Function function{.name = named ? token(at_ - 1).text : "operator", .line = line};
        function.parameter_count = read_parameters();
        while (!at_end() && !is_any({"{", ";", "}", "="})) {
            if (is(":")) {
                skip_member_initialisers();
            } else if (is("<")) {
                skip_angles();
            } else {
                is_any({"(", "["}) ? skip_brackets() : static_cast<void>(++at_);
            }
        }
        if (is("{")) {
            read_body(std::move(function));
            return;
        }
        if (is("=")) {
            skip_to({";"});
        }
        at_ += is(";") ? 1U : 0U;
        found_.push_back(std::move(function));
    }

    /// `: a_(1), b_{2} {`: each member and its bracket, up to the body's brace.
    void skip_member_initialisers() {
        do {
            ++at_;
            while (!at_end() && !is_any({"(", "{", ";"})) {
                is("<") ? skip_angles() : static_cast<void>(++at_);
            }
            is(";") ? static_cast<void>(0) : read_group();
        } while (is(","));
    }

    std::size_t read_parameters() {
        const std::size_t begin = at_;
        std::size_t commas = 0;
        ++at_;
        while (!at_end() && !is(")")) {
            commas += is(",") ? 1U : 0U;
            if (is("<") && token(at_ - 1).kind == TokenKind::word) {
                skip_angles();
            } else {
                is_any({"(", "[", "{"}) ? skip_brackets() : static_cast<void>(++at_);
            }
        }
        const bool none = at_ == begin + 1 || (at_ == begin + 2 && token(begin + 1).is("void"));
        ++at_;
        return none ? 0 : commas + 1;
    }

    /// At the opening brace of a function's body.
    void read_body(Function function) {
        const std::size_t outer = std::exchange(nesting_, 0);
        read_block(0);
        function.nesting = std::exchange(nesting_, outer);
        function.line_count = token(at_ - 1).line - function.line + 1;
        found_.push_back(std::move(function));
    }

    void read_block(std::size_t depth) {
        ++at_;
        while (!at_end() && !is("}")) {
            read_statement(depth);
        }
        ++at_;
    }

    void read_statement(std::size_t depth) {
        if (is("{")) {
            read_block(depth);
        } else if (is_any({"if", "for", "while", "switch", "do", "try"})) {
            nesting_ = std::max(nesting_, depth + 1);
            is("if") ? read_if(depth) : read_control(depth);
        } else if (is_any({"case", "default"})) {
            skip_to({":", ";", "}"});
            at_ += is(":") ? 1U : 0U;
        } else if (starts("SUBCASE")) {
            ++at_;
            read_group();
        } else if (is_any({"struct", "class", "enum", "union"})) {
            read_declarator();
        } else {
            read_expression();
            // A stray closing bracket must not stop the reading.
            at_ += at_end() || is("}") ? 0U : 1U;
        }
    }

    void read_if(std::size_t depth) {
        skip_to_condition();
        read_group();
        read_statement(depth + 1);
        if (is("else")) {
            ++at_;
            read_statement(is("if") ? depth : depth + 1);
        }
    }

    /// for, while, switch, do, try with its handlers.
    void read_control(std::size_t depth) {
        const bool has_head = !is_any({"do", "try"});
        const bool is_try = is("try");
        const bool is_do = is("do");
        ++at_;
        if (has_head) {
            read_group();
        }
        read_statement(depth + 1);
        while (is_try && is("catch")) {
            ++at_;
            read_group();
            read_statement(depth + 1);
        }
        if (is_do && is("while")) {
            ++at_;
            read_group();
        }
    }

    /// `if constexpr (`: to the parenthesis.
    void skip_to_condition() {
        while (!at_end() && !is("(")) {
            ++at_;
        }
    }

    /// An expression up to a semicolon or a closing bracket that is not its own; both stay.
    void read_expression() {
        while (!at_end() && !is_any({";", ")", "]", "}"})) {
            if (is("[") && opens_lambda()) {
                read_lambda();
            } else if (is_any({"(", "[", "{"})) {
                read_group();
            } else {
                ++at_;
            }
        }
    }

    /// At an opening bracket: what is inside, and behind its closing one.
    void read_group() {
        ++at_;
        while (!at_end() && !is_any({")", "]", "}"})) {
            read_expression();
            at_ += is(";") ? 1U : 0U;
        }
        ++at_;
    }

    /// A bracket behind a value is a subscript, behind `auto` a structured binding.
    [[nodiscard]] bool opens_lambda() const {
        std::size_t before = at_ - 1;
        while (before > 0 && token(before).is("&")) {
            --before;
        }
        const Token& previous = token(before);
        const bool returns = previous.is("return") || previous.is("co_return") ||
                             previous.is("co_await") || previous.is("co_yield");
        const bool is_value = (previous.kind == TokenKind::word && !returns) ||
                              previous.kind == TokenKind::text || previous.is(")") ||
                              previous.is("]") || previous.is("[");
        return !is_value && !token(at_ + 1).is("[");
    }

    void read_lambda() {
        Function function{.name = "this lambda", .line = token(at_).line};
        skip_brackets();
        if (is("<")) {
            skip_angles();
        }
        if (is("(")) {
            function.parameter_count = read_parameters();
        }
        while (!at_end() && !is_any({"{", ";", ",", ")"})) {
            is("<") ? skip_angles() : static_cast<void>(++at_);
        }
        if (is("{")) {
            read_body(std::move(function));
        }
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t nesting_ = 0;
    std::vector<Function> found_;
};

}  // namespace

std::vector<Function> functions_in(const Scan& scan) { return FunctionFinder(scan).run(); }

}  // namespace sillage::test
