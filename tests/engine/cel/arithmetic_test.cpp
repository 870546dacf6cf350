#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using sillage::test::check_rows;

TEST_SUITE("cel/arithmetic") {
    TEST_CASE("whole numbers are exact, or an error") {
        check_rows({{"40 + 2", "42"},
                    {"42 - 43", "-1"},
                    {"6 * 7", "42"},
                    {"7 / 2", "3"},
                    {"-7 / 2", "-3"},
                    {"7 % 3", "1"},
                    {"-7 % 3", "-1"},
                    {"7 % -3", "1"},
                    {"9223372036854775807 + 1", "error: integer overflow"},
                    {"-9223372036854775808 - 1", "error: integer overflow"},
                    {"9223372036854775807 * 2", "error: integer overflow"},
                    {"-(-9223372036854775808)", "error: integer overflow"},
                    {"-9223372036854775808 / -1", "error: integer overflow"},
                    {"-9223372036854775808 % -1", "error: integer overflow"},
                    {"1 / 0", "error: division by zero"},
                    {"1 % 0", "error: modulus by zero"},
                    {"40u + 2u", "42u"},
                    {"43u - 1u", "42u"},
                    {"0u - 1u", "error: integer overflow"},
                    {"18446744073709551615u + 1u", "error: integer overflow"},
                    {"18446744073709551615u * 2u", "error: integer overflow"},
                    {"7u / 2u", "3u"},
                    {"7u % 4u", "3u"},
                    {"18446744073709551615u / 1u", "18446744073709551615u"},
                    {"1u / 0u", "error: division by zero"},
                    {"1u % 0u", "error: modulus by zero"},
                    {"-1u", "error: no such overload"}});
    }

    TEST_CASE("doubles follow IEEE 754") {
        check_rows({{"0.5 + 0.25", "0.75"},
                    {"1.5 - 2.0", "-0.5"},
                    {"1.5 * 2.0", "3.0"},
                    {"1.0 / 4.0", "0.25"},
                    {"1.0 / 0.0", "double(\"+Inf\")"},
                    {"-1.0 / 0.0", "double(\"-Inf\")"},
                    {"0.0 / 0.0", "double(\"NaN\")"},
                    {"-(1.5)", "-1.5"},
                    {"1.0 % 2.0", "error: no such overload: double % double"}});
    }

    TEST_CASE("types do not mix in arithmetic") {
        check_rows({{"1 + 1.0", "error: no such overload: int + double"},
                    {"1 + 1u", "error: no such overload: int + uint"},
                    {"1u * 1.0", "error: no such overload"},
                    {"1 - 1.0", "error: no such overload"},
                    {"1 / 1.0", "error: no such overload"},
                    {"'a' + 1", "error: no such overload: string + int"},
                    {"'a' - 'b'", "error: no such overload"},
                    {"null + 1", "error: no such overload: null_type + int"},
                    {"true + true", "error: no such overload"},
                    {"[1] + 1", "error: no such overload"},
                    {"{} + {}", "error: no such overload: map + map"},
                    {"-'a'", "error: no such overload: -(string)"}});
    }

    TEST_CASE("text, bytes and lists are joined") {
        check_rows({{"'a' + 'é' + ''", "\"aé\""},
                    {"b'a' + b'\\xff'", "b\"a\\xff\""},
                    {"[1] + ['a'] + []", "[1, \"a\"]"}});
    }

    TEST_CASE("instants and lengths of time add up within their range") {
        check_rows(
            {{"timestamp('2027-01-31T23:00:00Z') + duration('2h')",
              "timestamp(\"2027-02-01T01:00:00Z\")"},
             {"duration('2h') + timestamp('2027-01-31T23:00:00Z')",
              "timestamp(\"2027-02-01T01:00:00Z\")"},
             {"timestamp('2027-02-01T01:00:00Z') - duration('2h')",
              "timestamp(\"2027-01-31T23:00:00Z\")"},
             {"timestamp('1969-12-31T23:59:59.5Z') + duration('-500ms')",
              "timestamp(\"1969-12-31T23:59:59Z\")"},
             {"timestamp('2027-02-02T00:00:00Z') - timestamp('2027-02-01T00:00:00Z')",
              "duration(\"86400s\")"},
             {"duration('600s') + duration('50s')", "duration(\"650s\")"},
             {"duration('1s') - duration('1500ms')", "duration(\"-0.5s\")"},
             {"-duration('1s')", "duration(\"-1s\")"},
             {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "error: out of range"},
             {"timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')",
              "error: out of range"},
             {"timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')",
              "error: out of range"},
             {"duration('200000000000s') + duration('200000000000s')", "error: out of range"},
             {"duration('-200000000000s') - duration('200000000000s')", "error: out of range"},
             {"duration('1s') - timestamp(0)", "error: no such overload"},
             {"timestamp(0) + timestamp(0)", "error: no such overload"}});
    }
}
