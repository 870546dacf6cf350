#include "engine/cel/detail/operators.hpp"

#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using namespace sillage;
using test::check_rows;

TEST_SUITE("cel/operators") {
    TEST_CASE("== compares numbers by value and everything else within its type") {
        check_rows({{"1 == 1", "true"},
                    {"1 == 1.0", "true"},
                    {"1u == 1", "true"},
                    {"1.0 == 1u", "true"},
                    {"1 == 2u", "false"},
                    {"-1 == 18446744073709551615u", "false"},
                    {"0.1 + 0.2 == 0.3", "false"},
                    {"double('NaN') == double('NaN')", "false"},
                    {"double('NaN') != 1", "true"},
                    {"0.0 == -0.0", "true"},
                    {"'a' == 'a'", "true"},
                    {"'a' == 'b'", "false"},
                    {"'a' == b'a'", "false"},
                    {"b'a' == b'a'", "true"},
                    {"1 == '1'", "false"},
                    {"true == 1", "false"},
                    {"null == null", "true"},
                    {"null == 0", "false"},
                    {"null != false", "true"},
                    {"[1, 2.0] == [1.0, 2]", "true"},
                    {"[1, 2] == [2, 1]", "false"},
                    {"[1] == [1, 1]", "false"},
                    {"{'a': 1, 'b': 2} == {'b': 2u, 'a': 1.0}", "true"},
                    {"{1: 'a'} == {1u: 'a'}", "true"},
                    {"{'a': 1} == {'a': 2}", "false"},
                    {"{'a': 1} == {'b': 1}", "false"},
                    {"{} == []", "false"},
                    {"int == type(1)", "true"},
                    {"int == uint", "false"},
                    {"timestamp(1) == timestamp('1970-01-01T00:00:01Z')", "true"},
                    {"duration('60s') == duration('1m')", "true"},
                    {"timestamp(1) == duration('1s')", "false"}});
    }

    TEST_CASE("order exists among numbers, texts, bytes, truths, instants and lengths of time") {
        check_rows({{"1 < 2", "true"},
                    {"2 <= 2", "true"},
                    {"1 > 2", "false"},
                    {"2 >= 3", "false"},
                    {"1 < 1.5", "true"},
                    {"1.5 < 2u", "true"},
                    {"-1 < 0u", "true"},
                    {"0u > -1", "true"},
                    {"18446744073709551615u > 9223372036854775807", "true"},
                    {"9223372036854775807 < 9223372036854775808.0", "false"},
                    {"double('NaN') < 1.0", "false"},
                    {"double('NaN') >= 1.0", "false"},
                    {"'a' < 'b'", "true"},
                    {"'Z' < 'a'", "true"},
                    {"'' < 'a'", "true"},
                    {"'é' > 'z'", "true"},
                    {"b'a' < b'\\xff'", "true"},
                    {"false < true", "true"},
                    {"timestamp(1) < timestamp(2)", "true"},
                    {"duration('1h') > duration('59m')", "true"},
                    {"1 < '2'", "error: no such overload: int < string"},
                    {"null < 1", "error: no such overload: null_type < int"},
                    {"[1] < [2]", "error: no such overload"},
                    {"timestamp(1) < duration('1s')", "error: no such overload"}});
    }

    TEST_CASE("in looks for an item of a list or a key of a map") {
        check_rows({{"2 in [1, 2]", "true"},
                    {"2.0 in [1, 2]", "true"},
                    {"3 in [1, 2]", "false"},
                    {"'a' in ['a']", "true"},
                    {"1 in ['a']", "false"},
                    {"1 in []", "false"},
                    {"'a' in {'a': 1}", "true"},
                    {"1 in {'a': 1}", "false"},
                    {"1u in {1: 1}", "true"},
                    {"1 in 1", "error: no such overload: int in int"},
                    {"'a' in 'abc'", "error: no such overload"},
                    {"!(1 in [2])", "true"}});
    }

    TEST_CASE("! takes a truth alone") {
        check_rows({{"!true", "false"},
                    {"!!true", "true"},
                    {"!1", "error: no such overload: !(int)"},
                    {"!null", "error: no such overload"}});
    }

    TEST_CASE("comparing long texts costs steps for their length") {
        const std::string text(1'600, 'x');
        const Value a = text_value(text);
        const Value b = text_value(text);

        CostMeter enough(EvaluationBudget{.steps = 101});
        CHECK(equal_within(enough, a, b));
        CostMeter short_of_one(EvaluationBudget{.steps = 100});
        CHECK_FALSE(equal_within(short_of_one, a, b));
        CHECK(short_of_one.exhausted());
    }
}
