#include "engine/cel/evaluate.hpp"

#include "tests/engine/cel/expressions.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::check_rows;
using test::outcome_of;

TEST_SUITE("cel/evaluate") {
    TEST_CASE("&& and || decide from either side and absorb the other's error") {
        check_rows({{"true && true", "true"},
                    {"true && false", "false"},
                    {"1 / 0 > 0 && false", "false"},
                    {"false && 1 / 0 > 0", "false"},
                    {"1 / 0 > 0 && true", "error: division by zero"},
                    {"true && 1 / 0 > 0", "error: division by zero"},
                    {"1 / 0 > 0 || true", "true"},
                    {"true || 1 / 0 > 0", "true"},
                    {"1 / 0 > 0 || false", "error: division by zero"},
                    {"false || 1 / 0 > 0", "error: division by zero"},
                    {"'horses' && false", "false"},
                    {"false && 32", "false"},
                    {"'horses' && true", "error: no such overload"},
                    {"0 || true", "true"},
                    {"0 || false", "error: no such overload"},
                    {"nothing || true", "true"},
                    {"f_unknown(17) || true", "true"},
                    {"f_unknown(17) && true", "error: no function f_unknown"},
                    {"1/0 > 0 && 1/0 > 0 && false && true", "false"}});
    }

    TEST_CASE("the branch that ?: does not take is never evaluated") {
        check_rows({{"true ? 1 : 1 / 0", "1"},
                    {"false ? 1 / 0 : 2", "2"},
                    {"true ? 'cows' : 17", "\"cows\""},
                    {"'cows' ? false : 17", "error: no such overload"},
                    {"false ? 1 : false ? 2 : 3", "3"},
                    {"true ? false ? 1 : 2 : 3", "error: stands where"},
                    {"true ? (false ? 1 : 2) : 3", "2"},
                    {"1 / 0 > 0 ? 1 : 1", "error: division by zero"}});
    }

    TEST_CASE("macros walk through lists and the keys of maps") {
        check_rows({{"[1, 2, 3].exists(e, e > 2)", "true"},
                    {"[1, 2, 3].exists(e, e > 3)", "false"},
                    {"[1, 'foo', 3].exists(e, e > 2)", "true"},
                    {"[1, 'foo'].exists(e, e > 2)", "error: no such overload"},
                    {"[1, 2, 3].exists(e, e / 0 == 17)", "error: division by zero"},
                    {"[].exists(e, e == 2)", "false"},
                    {"{'key1': 1, 'key2': 2}.exists(k, k == 'key2')", "true"},
                    {"[1, 2, 3].all(e, e > 0)", "true"},
                    {"[1, 2, 3].all(e, e == 2)", "false"},
                    {"[1, 2, 3].all(e, 6 / (2 - e) == 6)", "false"},
                    {"[1, 'foo', 3].all(e, e % 2 == 1)", "error: no such overload"},
                    {"[].all(e, e > 0)", "true"},
                    {"[6, 7, 8].exists_one(foo, foo % 5 == 2)", "true"},
                    {"[0, 1, 2, 3].exists_one(n, n % 2 == 1)", "false"},
                    {"[3, 2, 1, 0].exists_one(n, 12 / n > 1)", "error: division by zero"},
                    {"[1, 2, 3].filter(x, x % 2 == 1)", "[1, 3]"},
                    {"{0: 10, 1: 11}.filter(x, x == 1)", "[1]"},
                    {"[1, 2].filter(x, x)", "error: a condition of int"},
                    {"[2, 4].map(n, n / 2)", "[1, 2]"},
                    {"[1, 2, 3].map(n, n > 1, n * n)", "[4, 9]"},
                    {"{1: 1, 2: 4}.map(x, x * x)", "[1, 4]"},
                    {"[2, 1, 0].map(n, 4 / n)", "error: division by zero"},
                    {"[[1, 2], [3]].map(x, x.map(y, y + size(x)))", "[[3, 4], [4]]"},
                    {"[1, 2].map(x, [10].map(x, x + 1))", "[[11], [11]]"},
                    {"[1].map(x, [2].map(y, x + y))", "[[3]]"},
                    {"5.all(x, true)", "error: a macro over int"},
                    {"[1].all(1, true)", "error: name of a variable"},
                    {"[1].map(x, x)[0]", "1"},
                    {"'x'.map(x, x)", "error: a macro over string"}});
    }

    TEST_CASE("has() asks whether a field is there") {
        check_rows({{"has({'a': 1}.a)", "true"},
                    {"has({'a': 1}.b)", "false"},
                    {"has({'a': {'b': 1}}.a.b)", "true"},
                    {"has({'a': {}}.b.c)", "error: no such key: b"},
                    {"has({'a': 1})", "error: has() asks for a field"},
                    {"has(1.a)", "error: no such overload"}});
    }

    TEST_CASE("lists and maps are built, selected from and indexed") {
        check_rows({{"{'a': 1}.a", "1"},
                    {"{'a': 1}.b", "error: no such key: b"},
                    {"{'a': 1}['a']", "1"},
                    {"{1: 'x'}[1u]", "\"x\""},
                    {"{1: 'x'}[1.0]", "\"x\""},
                    {"{1u: 'x'}[1]", "\"x\""},
                    {"{1: 'x'}[2]", "error: no such key: 2"},
                    {"{true: 'x'}[true]", "\"x\""},
                    {"{'a': 1, 'a': 2}", "error: repeated key"},
                    {"{1: 1, 1u: 2}", "error: repeated key"},
                    {"{1.5: 1}", "error: unsupported key type"},
                    {"{null: 1}", "error: unsupported key type"},
                    {"{[1]: 1}", "error: unsupported key type"},
                    {"[7, 8, 9][0]", "7"},
                    {"[7, 8, 9][dyn(0.0)]", "7"},
                    {"[7, 8, 9][dyn(2u)]", "9"},
                    {"[7, 8, 9][dyn(0.1)]", "error: whole number"},
                    {"[7, 8, 9][3]", "error: out of bounds"},
                    {"[7, 8, 9][-1]", "error: out of bounds"},
                    {"[7]['0']", "error: no such overload"},
                    {"[1, 'a', [2]]", "[1, \"a\", [2]]"},
                    {"[1, 2,]", "[1, 2]"},
                    {"{'a': 1,}", "{\"a\": 1}"},
                    {"{}.a", "error: no such key: a"},
                    {"null.a", "error: no such overload"},
                    {"{'a': {'b': [1, 2]}}.a.b[1]", "2"},
                    {"{'if': 1}.if", "1"},
                    {"{'a-b': 1}.`a-b`", "1"}});
    }

    TEST_CASE("a used-up budget ends everything and is absorbed by nothing") {
        const std::string many = "[1,1,1,1,1,1,1,1,1,1]";
        const std::string slow = many + ".all(a, " + many + ".all(b, " + many + ".all(c, " + many +
                                 ".all(d, " + many + ".all(e, a == b)))))";

        for (const std::string& expression :
             {slow, slow + " || true", "true == false && true || " + slow + " || true",
              many + ".exists(x, " + slow + " || x == 1)", "(" + slow + ") ? 1 : 2"}) {
            CAPTURE(expression);
            const auto compiled = compile_expression(expression, Scope());
            REQUIRE(compiled.findings.empty());
            const auto result = evaluate(compiled.expression, Environment{});
            CHECK(test::error_of(result).code == ErrorCode::limit_exceeded);
        }
    }

    TEST_CASE("a value that doubles at each level costs what it holds, not what it shares") {
        std::string doubled = "[0]";
        for (int i = 0; i < 60; ++i) {
            doubled += ".map(x, [x, x])";
        }

        for (const std::string& expression : {doubled, doubled + " == " + doubled}) {
            const auto compiled = compile_expression(expression, Scope());
            REQUIRE(compiled.findings.empty());
            const auto result = evaluate(compiled.expression, Environment{});
            CHECK(test::error_of(result).code == ErrorCode::limit_exceeded);
        }
    }

    TEST_CASE("text that doubles at each level is refused before it is made") {
        std::string doubled = "['0123456789abcdef']";
        for (int i = 0; i < 30; ++i) {
            doubled += ".map(x, x + x)";
        }
        const auto compiled = compile_expression(doubled, Scope());
        REQUIRE(compiled.findings.empty());

        const auto result = evaluate(compiled.expression, Environment{});

        CHECK(test::error_of(result).code == ErrorCode::limit_exceeded);
    }

    TEST_CASE("an expression without a program says which text could not be read") {
        const Expression unread{.text = "1 +"};

        CHECK(test::error_of(evaluate(unread, Environment{})).message ==
              "the expression could not be read: 1 +");
    }
}
