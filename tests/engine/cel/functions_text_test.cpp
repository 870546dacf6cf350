#include <doctest/doctest.h>

#include "engine/cel/detail/patterns.hpp"
#include "tests/engine/cel/expressions.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::check_rows;

TEST_SUITE("cel/functions_text") {
    TEST_CASE("size counts code points, octets, items and entries") {
        check_rows({{"size('')", "0"},
                    {"size('été 😀')", "5"},
                    {"'été'.size()", "3"},
                    {"size(b'\\xff\\x00')", "2"},
                    {"size([1, [2, 3]])", "2"},
                    {"{1: 2}.size()", "1"},
                    {"size(1)", "error: no such overload: size(int)"},
                    {"size(null)", "error: no such overload"},
                    {"size()", "error: does not take 0 arguments"},
                    {"size('a', 'b')", "error: does not take 2 arguments"}});
    }

    TEST_CASE("text is searched by its characters") {
        check_rows({{"'hello'.contains('ell')", "true"},
                    {"'hello'.contains('')", "true"},
                    {"'hello'.contains('elo')", "false"},
                    {"'hello'.startsWith('he')", "true"},
                    {"'hello'.startsWith('lo')", "false"},
                    {"'hello'.endsWith('lo')", "true"},
                    {"'hello'.endsWith('he')", "false"},
                    {"'été'.startsWith('é')", "true"},
                    {"1.contains('1')", "error: no such overload"},
                    {"'1'.contains(1)", "error: no such overload: string.contains(int)"},
                    {"b'a'.startsWith(b'a')", "error: no such overload"}});
    }

    TEST_CASE("matches finds a regular expression anywhere") {
        check_rows({{"'hubba'.matches('ubb')", "true"},
                    {"matches('hubba', '^ubb')", "false"},
                    {"'hubba'.matches('^[a-z]+$')", "true"},
                    {"'été'.matches('^...$')", "true"},
                    {"'x'.matches('x' + '?')", "true"},
                    {"'x'.matches('(')", "error: is not a regular expression"},
                    {"'x'.matches('(?=x)')", "error: is not a regular expression"},
                    {"'x'.matches('(' + 'x')", "error: is not a regular expression"},
                    {"true || 'x'.matches('(')", "true"},
                    {"'x'.matches(1)", "error: no such overload"}});
    }

    TEST_CASE("a pattern that explodes elsewhere is linear here") {
        std::string optional;
        std::string letters;
        for (int i = 0; i < 28; ++i) {
            optional += "a?";
            letters += 'a';
        }

        CHECK(test::outcome_of("'" + letters + "'.matches('^" + optional + letters + "$')") ==
              "true");
    }

    TEST_CASE("searching costs steps for both lengths") {
        const std::string longer = "['" + std::string(20'000, 'a') + "']" +
                                   ".map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x)";

        CHECK(test::outcome_of(longer + ".all(x, !x.contains('" + std::string(10'000, 'a') +
                               "b'))") == "true");
        CHECK(test::outcome_of(longer + ".all(x, [1, 2, 3].all(y, x.contains(x + '')))")
                  .starts_with("error: The expression takes more steps"));
    }

    TEST_CASE("a pattern that would take too much memory is refused") {
        CHECK(test::error_of(compile_cel_pattern("((a{100}){100}){100}")).code ==
              ErrorCode::expression_failed);
        CHECK(compile_cel_pattern("^[a-z]{2,30}@[a-z]+\\.eu$").has_value());
    }

    TEST_CASE("matching long texts against large patterns uses up the budget") {
        const std::string longer = "['" + std::string(1'000, 'a') + "']" +
                                   ".map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x)"
                                   ".map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x)";

        CHECK(test::outcome_of(longer + ".all(x, x.matches('(a{1,200}){1,5}$'))") ==
              "error: The expression takes more steps or memory than one evaluation may.");
    }
}
