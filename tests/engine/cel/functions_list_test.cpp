#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using sillage::test::check_rows;

TEST_SUITE("cel/functions_list") {
    TEST_CASE("sum adds numbers and lengths of time") {
        check_rows({{"sum([1, 2, 3])", "6"},
                    {"sum([])", "0"},
                    {"sum([1u, 2u])", "3u"},
                    {"sum([0.5, 0.25])", "0.75"},
                    {"sum([1, 0.5])", "1.5"},
                    {"sum([0.5, 2u, 1])", "3.5"},
                    {"sum([duration('1h'), duration('30m')])", "duration(\"5400s\")"},
                    {"sum([9223372036854775807, 1])", "error: integer overflow"},
                    {"sum(['a', 'b'])", "error: no such overload"},
                    {"sum([1, 'a'])", "error: no such overload"},
                    {"sum(1)", "error: no such overload: sum(int)"},
                    {"sum(null)", "error: no such overload"},
                    {"sum(1, 2)", "error: does not take 2 arguments"}});
    }

    TEST_CASE("avg is a double") {
        check_rows({{"avg([1, 2])", "1.5"},
                    {"avg([1u, 2.0, 3])", "2.0"},
                    {"avg([])", "error: empty list"},
                    {"avg(['a'])", "error: no such overload"},
                    {"avg({})", "error: no such overload"}});
    }

    TEST_CASE("min and max take a list or several arguments") {
        check_rows({{"min([3, 1, 2])", "1"},
                    {"max([3, 1, 2])", "3"},
                    {"min(3, 1.5, 2u)", "1.5"},
                    {"max(1, 2, 3, 4, 5, 6)", "6"},
                    {"max('a', 'b')", "\"b\""},
                    {"min([timestamp(2), timestamp(1)])", "timestamp(\"1970-01-01T00:00:01Z\")"},
                    {"min([])", "error: min() of an empty list"},
                    {"max([1, 'a'])", "error: no such overload"},
                    {"max([null])", "error: no such overload"},
                    {"max(1)", "error: no such overload: max(int)"},
                    {"max()", "error: does not take 0 arguments"}});
    }
}
