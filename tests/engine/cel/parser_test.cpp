#include "engine/cel/detail/parser.hpp"

#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using namespace sillage;
using test::check_rows;
using test::outcome_of;

namespace {

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

std::string code_of(const std::string& text) {
    const auto tree = parse_expression(text);
    return tree ? "" : tree.error().code;
}

}  // namespace

TEST_SUITE("cel/parser") {
    TEST_CASE("operators bind as CEL says") {
        check_rows({{"2 + 3 * 4", "14"},
                    {"(2 + 3) * 4", "20"},
                    {"10 - 3 - 2", "5"},
                    {"100 / 10 / 5", "2"},
                    {"2 * 3 % 4", "2"},
                    {"1 + 2 < 4 && 5 > 4", "true"},
                    {"true || false && false", "true"},
                    {"(true || false) && false", "false"},
                    {"1 < 2 == true", "true"},
                    {"1 in [1] == true", "true"},
                    {"!false && false", "false"},
                    {"-2 * -3", "6"},
                    {"2-1", "1"},
                    {"2 - -1", "3"},
                    {"--5", "5"},
                    {"-(5)", "-5"},
                    {"-[5][0]", "-5"},
                    {"!!!true", "false"},
                    {"true ? 1 : 2 + 10", "1"},
                    {"false || true ? 1 : 2", "1"},
                    {"-'a'.size()", "-1"},
                    {"{'a': [1, {'b': 2}]}.a[1].b", "2"},
                    {"'a' + 'b'.size() == ''", "error: no such overload"}});
    }

    TEST_CASE("what is no expression is refused where it goes wrong") {
        struct Row {
            const char* text;
            std::size_t offset;
        };
        for (const Row& row : {Row{"", 0},          Row{"1 +", 3},
                               Row{"1 2", 2},       Row{"(1", 2},
                               Row{"[1", 2},        Row{"[,]", 1},
                               Row{"{1}", 2},       Row{"{'a': }", 6},
                               Row{"a.", 2},        Row{"a.1", 1},
                               Row{"a.true", 2},    Row{"f(1,)", 4},
                               Row{"true ? 1", 8},  Row{"true ? 1 :", 10},
                               Row{"1 = 2", 2},     Row{"while", 0},
                               Row{"a + let", 4},   Row{"in", 0},
                               Row{".", 1},         Row{"a ? b ? 1 : 2 : 3", 6},
                               Row{"Foo{a: 1}", 3}, Row{"* 1", 0},
                               Row{"a &&", 4},      Row{")", 0}}) {
            CAPTURE(row.text);
            const auto tree = parse_expression(row.text);
            REQUIRE(!tree);
            CHECK(tree.error().code == "syntax");
            CHECK(tree.error().offset == row.offset);
        }
    }

    TEST_CASE("a reserved word may name a field, a keyword may not") {
        CHECK(outcome_of("{'while': 1}.while") == "1");
        CHECK(outcome_of("{'in': 1}.in").starts_with("error: "));
        CHECK(is_keyword("null"));
        CHECK_FALSE(is_keyword("while"));
        CHECK(is_reserved_word("while"));
        CHECK_FALSE(is_reserved_word("score"));
    }

    TEST_CASE("ten thousand brackets of any kind are refused cleanly") {
        for (const auto& [open, close] :
             {std::pair("(", ")"), std::pair("[", "]"), std::pair("{1:", "}"), std::pair("!", ""),
              std::pair("-", ""), std::pair("f(", ")"), std::pair("true ? 1 : ", ""),
              std::pair("a[", "]")}) {
            CAPTURE(open);
            CHECK(code_of(repeated(open, 5'000) + "1" + repeated(close, 5'000)) ==
                  "expression-limit");
        }
    }

    TEST_CASE("long chains are read up to the tree's depth, logical ones without end") {
        CHECK(outcome_of("0" + repeated(" + 1", 400)) == "400");
        CHECK(code_of("0" + repeated(" + 1", 600)) == "expression-limit");
        CHECK(code_of("a" + repeated(".a", 600)) == "expression-limit");
        CHECK(outcome_of("false" + repeated(" || false", 5'000) + " || true") == "true");
        CHECK(outcome_of("true" + repeated(" && true", 5'000)) == "true");
    }

    TEST_CASE("nesting as deep as the limit allows is read and evaluated") {
        CHECK(outcome_of(repeated("(", 200) + "7" + repeated(")", 200)) == "7");
        CHECK(outcome_of(repeated("!", 240) + "true") == "true");
        CHECK(outcome_of("size(" + repeated("[", 200) + repeated("]", 200) + ")") == "1");
    }
}
