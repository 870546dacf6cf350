#include "engine/cel/detail/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/cel/detail/lexer.hpp"
#include "engine/cel/detail/literals.hpp"

namespace sillage {
namespace {

constexpr std::array<std::string_view, 4> keywords = {"false", "in", "null", "true"};
constexpr std::array<std::string_view, 17> reserved = {
    "as",  "break", "const",   "continue",  "else",   "for", "function", "if",   "import",
    "let", "loop",  "package", "namespace", "return", "var", "void",     "while"};

/// Of a binary operator, looser ones lower; 0 for what is none.
int precedence(std::string_view symbol) {
    if (symbol == "||") {
        return 1;
    }
    if (symbol == "&&") {
        return 2;
    }
    constexpr std::array<std::string_view, 7> relations = {"==", "!=", "<", "<=", ">", ">=", "in"};
    if (std::ranges::find(relations, symbol) != relations.end()) {
        return 3;
    }
    if (symbol == "+" || symbol == "-") {
        return 4;
    }
    return symbol == "*" || symbol == "/" || symbol == "%" ? 5 : 0;
}

struct MethodMacro {
    std::string_view name;
    std::size_t argument_count;
    SyntaxKind kind;
};
constexpr std::array<MethodMacro, 6> method_macros = {{
    {"all", 2, SyntaxKind::all},
    {"exists", 2, SyntaxKind::exists},
    {"exists_one", 2, SyntaxKind::exists_one},
    {"filter", 2, SyntaxKind::filter},
    {"map", 2, SyntaxKind::transform},
    {"map", 3, SyntaxKind::transform},
}};

class ExpressionParser {
  public:
    explicit ExpressionParser(std::vector<ExpressionToken> tokens) : tokens_(std::move(tokens)) {}

    Parsed<SyntaxTree> run() {
        BOOST_OUTCOME_TRY(tree_.root, expression());
        if (peek().kind != TokenKind::end) {
            return unexpected("an operator or the end");
        }
        return std::move(tree_);
    }

  private:
    /// Counts the parser's recursion while it lives.
    class Nesting {
      public:
        explicit Nesting(std::size_t& depth) : depth_(depth) { ++depth_; }
        ~Nesting() { --depth_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

      private:
        std::size_t& depth_;
    };

    const ExpressionToken& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    bool is_symbol(std::string_view symbol, std::size_t ahead = 0) const {
        return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == symbol;
    }
    bool accept(std::string_view symbol) {
        const bool found = is_symbol(symbol);
        at_ += found ? 1U : 0U;
        return found;
    }
    Parsed<void> expect(std::string_view symbol) {
        if (!accept(symbol)) {
            return unexpected(fmt::format("\"{}\"", symbol));
        }
        return boost::outcome_v2::success();
    }

    static ExpressionFinding finding(std::size_t offset, std::string_view code,
                                     std::string message) {
        return ExpressionFinding{
            .offset = offset, .code = std::string(code), .message = std::move(message)};
    }
    ExpressionFinding unexpected(std::string_view wanted) const {
        const ExpressionToken& token = peek();
        return finding(token.offset, "syntax",
                       token.kind == TokenKind::end
                           ? fmt::format("The expression ends where {} is expected.", wanted)
                           : fmt::format("\"{}\" stands where {} is expected.",
                                         token.text.substr(0, 40), wanted));
    }
    ExpressionFinding too_deep() const {
        return finding(peek().offset, "expression-limit",
                       fmt::format("The expression nests more than {} levels.", nesting_max));
    }

    /// Appends a node above its children.
    Parsed<SyntaxIndex> add(SyntaxNode node) {
        for (const SyntaxIndex child : node.children) {
            node.depth = std::max(node.depth, tree_.nodes[child].depth + 1);
        }
        if (node.depth > tree_depth_max) {
            return finding(node.offset, "expression-limit",
                           fmt::format("The expression has more than {} levels; long chains can "
                                       "be split with brackets.",
                                       tree_depth_max));
        }
        tree_.nodes.push_back(std::move(node));
        return static_cast<SyntaxIndex>(tree_.nodes.size() - 1);
    }

    Parsed<SyntaxIndex> expression() {
        const Nesting nesting(nesting_);
        if (nesting_ > nesting_max) {
            return too_deep();
        }
        BOOST_OUTCOME_TRY(const auto condition, binary(1));
        const std::size_t offset = peek().offset;
        if (!accept("?")) {
            return condition;
        }
        BOOST_OUTCOME_TRY(const auto yes, binary(1));
        BOOST_OUTCOME_TRY(expect(":"));
        BOOST_OUTCOME_TRY(const auto no, expression());
        return add({.kind = SyntaxKind::conditional,
                    .offset = offset,
                    .name = "?:",
                    .children = {condition, yes, no}});
    }

    /// Operators that bind at least as tightly as `tightness`, from left to right.
    Parsed<SyntaxIndex> binary(int tightness) {
        BOOST_OUTCOME_TRY(auto left, unary());
        for (;;) {
            const ExpressionToken& token = peek();
            const bool may_be =
                token.kind == TokenKind::symbol || token.kind == TokenKind::identifier;
            const int found = may_be ? precedence(token.text) : 0;
            if (found == 0 || found < tightness) {
                return left;
            }
            ++at_;
            BOOST_OUTCOME_TRY(const auto right, binary(found + 1));
            BOOST_OUTCOME_TRY(left, combine(token, left, right));
        }
    }

    Parsed<SyntaxIndex> combine(const ExpressionToken& token, SyntaxIndex left, SyntaxIndex right) {
        const bool logical = token.text == "&&" || token.text == "||";
        if (!logical) {
            return add({.kind = SyntaxKind::call,
                        .offset = token.offset,
                        .name = std::string(token.text),
                        .children = {left, right}});
        }
        // A chain is one node: absorbing errors is associative, and the tree stays flat.
        const auto kind = token.text == "&&" ? SyntaxKind::all_of : SyntaxKind::any_of;
        if (tree_.nodes[left].kind == kind) {
            SyntaxNode chain = std::move(tree_.nodes[left]);
            chain.children.push_back(right);
            return add(std::move(chain));
        }
        return add({.kind = kind,
                    .offset = token.offset,
                    .name = std::string(token.text),
                    .children = {left, right}});
    }

    Parsed<SyntaxIndex> unary() {
        const std::size_t offset = peek().offset;
        const bool negative = is_symbol("-");
        const bool number =
            peek(1).kind == TokenKind::integer || peek(1).kind == TokenKind::floating;
        if (!(negative && !number) && !is_symbol("!")) {
            return member();
        }
        const Nesting nesting(nesting_);
        if (nesting_ > nesting_max) {
            return too_deep();
        }
        ++at_;
        BOOST_OUTCOME_TRY(const auto operand, unary());
        return add({.kind = SyntaxKind::call,
                    .offset = offset,
                    .name = negative ? "-" : "!",
                    .children = {operand}});
    }

    Parsed<SyntaxIndex> member() {
        BOOST_OUTCOME_TRY(auto operand, primary());
        for (;;) {
            if (is_symbol("{")) {
                return finding(peek().offset, "syntax",
                               "Messages are not supported; a map is written {'name': value}.");
            }
            const std::size_t offset = peek().offset;
            if (accept(".")) {
                BOOST_OUTCOME_TRY(operand, selection(operand));
            } else if (accept("[")) {
                BOOST_OUTCOME_TRY(const auto key, expression());
                BOOST_OUTCOME_TRY(expect("]"));
                BOOST_OUTCOME_TRY(operand, add({.kind = SyntaxKind::index,
                                                .offset = offset,
                                                .name = "[]",
                                                .children = {operand, key}}));
            } else {
                return operand;
            }
        }
    }

    Parsed<SyntaxIndex> selection(SyntaxIndex operand) {
        const ExpressionToken& token = peek();
        const bool quoted = token.kind == TokenKind::quoted_identifier;
        if (!quoted && (token.kind != TokenKind::identifier || is_keyword(token.text))) {
            return unexpected("the name of a field");
        }
        ++at_;
        if (quoted || !accept("(")) {
            return add({.kind = SyntaxKind::select,
                        .offset = token.offset,
                        .name = std::string(token.text),
                        .children = {operand}});
        }
        SyntaxNode call{.kind = SyntaxKind::method,
                        .offset = token.offset,
                        .name = std::string(token.text),
                        .children = {operand}};
        BOOST_OUTCOME_TRY(read_items(call.children, ")"));
        BOOST_OUTCOME_TRY(expand_method(call));
        return add(std::move(call));
    }

    /// `items, … ]`, the closing bracket included; a list may end in a comma.
    Parsed<void> read_items(std::vector<SyntaxIndex>& items, std::string_view close) {
        while (!accept(close)) {
            BOOST_OUTCOME_TRY(const auto item, expression());
            items.push_back(item);
            if (is_symbol(close)) {
                continue;
            }
            BOOST_OUTCOME_TRY(expect(","));
            if (close == ")" && is_symbol(close)) {
                return unexpected("an argument");
            }
        }
        return boost::outcome_v2::success();
    }

    /// Turns a call of a macro into what it stands for; others stay.
    Parsed<void> expand_method(SyntaxNode& call) {
        const auto macro = std::ranges::find_if(method_macros, [&](const MethodMacro& known) {
            return known.name == call.name && known.argument_count + 1 == call.children.size();
        });
        if (macro == method_macros.end()) {
            return boost::outcome_v2::success();
        }
        const SyntaxNode& variable = tree_.nodes[call.children[1]];
        if (variable.kind != SyntaxKind::name || variable.rooted) {
            return finding(
                variable.offset, "syntax",
                fmt::format("The first argument of {}() is the name of a variable.", call.name));
        }
        call.kind = macro->kind;
        call.name = variable.name;
        call.children.erase(call.children.begin() + 1);
        return boost::outcome_v2::success();
    }

    Parsed<SyntaxIndex> primary() {
        const ExpressionToken& token = peek();
        switch (token.kind) {
            case TokenKind::literal:
                ++at_;
                return literal(token.offset, token.value);
            case TokenKind::integer:
            case TokenKind::unsigned_integer:
            case TokenKind::floating:
                return number(false);
            case TokenKind::identifier:
                return word(false);
            case TokenKind::symbol:
                return bracketed();
            case TokenKind::quoted_identifier:
            case TokenKind::end:
                return unexpected("a value");
        }
        return unexpected("a value");
    }

    Parsed<SyntaxIndex> bracketed() {
        const std::size_t offset = peek().offset;
        if (is_symbol("-")) {  // unary() saw the number behind it
            ++at_;
            return number(true);
        }
        if (accept("(")) {
            BOOST_OUTCOME_TRY(const auto inner, expression());
            BOOST_OUTCOME_TRY(expect(")"));
            return inner;
        }
        if (accept("[")) {
            SyntaxNode list{.kind = SyntaxKind::list, .offset = offset, .name = "[]"};
            BOOST_OUTCOME_TRY(read_items(list.children, "]"));
            return add(std::move(list));
        }
        if (accept("{")) {
            return map(offset);
        }
        if (accept(".")) {
            if (peek().kind != TokenKind::identifier) {
                return unexpected("a name");
            }
            return word(true);
        }
        return unexpected("a value");
    }

    Parsed<SyntaxIndex> map(std::size_t offset) {
        SyntaxNode map{.kind = SyntaxKind::map, .offset = offset, .name = "{}"};
        while (!accept("}")) {
            BOOST_OUTCOME_TRY(const auto key, expression());
            BOOST_OUTCOME_TRY(expect(":"));
            BOOST_OUTCOME_TRY(const auto value, expression());
            map.children.push_back(key);
            map.children.push_back(value);
            if (!is_symbol("}")) {
                BOOST_OUTCOME_TRY(expect(","));
            }
        }
        return add(std::move(map));
    }

    Parsed<SyntaxIndex> number(bool negative) {
        const ExpressionToken& token = peek();
        ++at_;
        std::optional<Value> value;
        if (token.kind == TokenKind::floating) {
            const auto read = read_double(token.text);
            value = read ? std::optional(Value(negative ? -*read : *read)) : std::nullopt;
        } else {
            value = token.kind == TokenKind::integer ? integer_value(token.text, negative)
                                                     : unsigned_value(token.text);
        }
        if (!value) {
            return finding(token.offset, "syntax",
                           fmt::format("{} is out of range.", token.text.substr(0, 40)));
        }
        return literal(token.offset, *value);
    }

    Parsed<SyntaxIndex> literal(std::size_t offset, Value value) {
        return add({.kind = SyntaxKind::literal, .offset = offset, .value = std::move(value)});
    }

    /// A keyword's value, a name, or the call of a function or of has().
    Parsed<SyntaxIndex> word(bool rooted) {
        const ExpressionToken& token = peek();
        if (is_reserved_word(token.text) || token.text == "in" ||
            (rooted && is_keyword(token.text))) {
            return finding(token.offset, "syntax",
                           fmt::format("\"{}\" is a reserved word of CEL.", token.text));
        }
        ++at_;
        if (token.text == "true" || token.text == "false") {
            return literal(token.offset, Value(token.text == "true"));
        }
        if (token.text == "null") {
            return literal(token.offset, Value());
        }
        SyntaxNode node{.kind = SyntaxKind::name,
                        .offset = token.offset,
                        .name = std::string(token.text),
                        .rooted = rooted};
        if (accept("(")) {
            node.kind = SyntaxKind::call;
            BOOST_OUTCOME_TRY(read_items(node.children, ")"));
            BOOST_OUTCOME_TRY(expand_has(node));
        }
        return add(std::move(node));
    }

    Parsed<void> expand_has(SyntaxNode& call) {
        if (call.name != "has" || call.children.size() != 1) {
            return boost::outcome_v2::success();
        }
        const SyntaxNode& argument = tree_.nodes[call.children[0]];
        if (argument.kind != SyntaxKind::select) {
            return finding(argument.offset, "syntax",
                           "has() asks for a field, as in has(event.data.score).");
        }
        call = SyntaxNode{.kind = SyntaxKind::has,
                          .offset = argument.offset,
                          .name = argument.name,
                          .children = argument.children};
        return boost::outcome_v2::success();
    }

    std::vector<ExpressionToken> tokens_;
    std::size_t at_ = 0;
    std::size_t nesting_ = 0;
    SyntaxTree tree_;
};

}  // namespace

Parsed<SyntaxTree> parse_expression(std::string_view text) {
    BOOST_OUTCOME_TRY(auto tokens, lex_expression(text));
    return ExpressionParser(std::move(tokens)).run();
}

bool is_keyword(std::string_view word) {
    return std::ranges::find(keywords, word) != keywords.end();
}

bool is_reserved_word(std::string_view word) {
    return std::ranges::find(reserved, word) != reserved.end();
}

}  // namespace sillage
