#include "engine/cel/detail/lexer.hpp"

#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using namespace sillage;

namespace {

/// The texts of the tokens, joined by blanks.
std::string tokens_of(std::string_view text) {
    const auto tokens = lex_expression(text);
    if (!tokens) {
        return std::to_string(tokens.error().offset) + ": " + tokens.error().message;
    }
    std::string joined;
    for (const ExpressionToken& token : tokens.value()) {
        joined += (joined.empty() ? "" : " ") + std::string(token.text);
    }
    return joined;
}

}  // namespace

TEST_SUITE("cel/lexer") {
    TEST_CASE("operators are as long as they can be") {
        CHECK(tokens_of("a<=b==c&&d||!e!=f>=g") == "a <= b == c && d || ! e != f >= g ");
        CHECK(tokens_of("{a:[b,c]}?(d%e):-f") == "{ a : [ b , c ] } ? ( d % e ) : - f ");
    }

    TEST_CASE("numbers end where they can go no further") {
        CHECK(tokens_of("1 0x1F 2u 0xFFu 1.5 1e3 1.5E-3 .5") == "1 0x1F 2 0xFF 1.5 1e3 1.5E-3 .5 ");
        CHECK(tokens_of("1.size") == "1 . size ");
        CHECK(tokens_of("1abc") == "0: This number runs into a name.");
        CHECK(tokens_of("0xg") == "0: This number runs into a name.");
    }

    TEST_CASE("blanks and comments part tokens") {
        CHECK(tokens_of("a // rest\n+\t\f\r b// end") == "a + b ");
    }

    TEST_CASE("what begins nothing is named with a hint") {
        CHECK(tokens_of("a = b").find("\"==\"") != std::string::npos);
        CHECK(tokens_of("a & b").find("\"&&\"") != std::string::npos);
        CHECK(tokens_of("a | b").find("\"||\"") != std::string::npos);
        CHECK(tokens_of("a # b").starts_with("2: This character means nothing"));
        CHECK(tokens_of("`a b`") == "a b ");
        CHECK(tokens_of("``").starts_with("0: A field in backquotes"));
    }

    TEST_CASE("an expression that is too long or no UTF-8 is refused") {
        CHECK(lex_expression(std::string(expression_bytes_max, ' ')).has_value());
        const auto longer = lex_expression(std::string(expression_bytes_max + 1, ' '));
        REQUIRE(!longer);
        CHECK(longer.error().code == "expression-limit");
        CHECK(tokens_of("'\xff'") == "0: The expression is not UTF-8.");
    }

    TEST_CASE("texts end at their own quote, in their own line unless it is tripled") {
        test::check_rows({{R"('a"b')", "\"a\\\"b\""},
                          {R"("a'b")", "\"a'b\""},
                          {"'''a'b\nc'''", "\"a'b\\nc\""},
                          {R"("""a"b""")", "\"a\\\"b\""},
                          {"r'a\\n'", "\"a\\\\n\""},
                          {"R\"\"\"\\\"\"\"", "\"\\\\\""},
                          {"b'a'", "b\"a\""},
                          {"rb'\\x'", "b\"\\x5cx\""},
                          {"Br'\\x'", "b\"\\x5cx\""},
                          {"'' + ''", "\"\""},
                          {"''''''", "\"\""},
                          {"'a\nb'", "error: no closing quote"},
                          {"'abc", "error: no closing quote"},
                          {"'abc\\'", "error: no closing quote"},
                          {"'''abc''", "error: no closing quote"},
                          {"rr'a'", "error: "}});
    }
}
