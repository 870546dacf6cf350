#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using sillage::test::check_rows;

TEST_SUITE("cel/functions_convert") {
    TEST_CASE("int takes what is exactly in its range, and drops fractions") {
        check_rows({{"int(42u)", "42"},
                    {"int(1.9)", "1"},
                    {"int(-7.9)", "-7"},
                    {"int('987')", "987"},
                    {"int('-5')", "-5"},
                    {"int('+5')", "5"},
                    {"int(timestamp('2004-09-16T23:59:59Z'))", "1095379199"},
                    {"int(18446744073709551615u)", "error: range error"},
                    {"int(1e99)", "error: range error"},
                    {"int(9223372036854775808.0)", "error: range error"},
                    {"int(-9223372036854775808.0)", "error: range error"},
                    {"int(double('NaN'))", "error: range error"},
                    {"int('9223372036854775808')", "error: range error"},
                    {"int('1.5')", "error: is not an int"},
                    {"int('')", "error: is not an int"},
                    {"int('+-5')", "error: is not an int"},
                    {"int(true)", "error: no such overload: int(bool)"},
                    {"int(null)", "error: no such overload"},
                    {"int(duration('1s'))", "error: no such overload"}});
    }

    TEST_CASE("uint has no negative values") {
        check_rows({{"uint(1729)", "1729u"},
                    {"uint(3.9)", "3u"},
                    {"uint('300')", "300u"},
                    {"uint(1e19)", "10000000000000000000u"},
                    {"uint(-1)", "error: range error"},
                    {"uint(-0.5)", "error: range error"},
                    {"uint(6.022e23)", "error: range error"},
                    {"uint('-1')", "error: is not a uint"},
                    {"uint(b'1')", "error: no such overload"}});
    }

    TEST_CASE("double reads numbers, infinities and NaN") {
        check_rows({{"double(3)", "3.0"},
                    {"double(3u)", "3.0"},
                    {"double('6.02214e23')", "6.02214e+23"},
                    {"double('-0.0')", "-0.0"},
                    {"double('+1')", "1.0"},
                    {"double('Infinity')", "double(\"+Inf\")"},
                    {"double('-inf')", "double(\"-Inf\")"},
                    {"double('1e-999')", "0.0"},
                    {"double('1e999')", "error: is not a double"},
                    {"double('1 ')", "error: is not a double"},
                    {"double('')", "error: is not a double"},
                    {"double(true)", "error: no such overload"}});
    }

    TEST_CASE("string writes values as they are read back") {
        check_rows(
            {{"string(-456)", "\"-456\""},
             {"string(9876u)", "\"9876\""},
             {"string(true)", "\"true\""},
             {"string('a')", "\"a\""},
             {"string(123.456)", "\"123.456\""},
             {"string(1.5e3)", "\"1500\""},
             {"string(-4.5e-3)", "\"-0.0045\""},
             {"string(1e-7)", "\"1e-07\""},
             {"string(6.02214e23)", "\"6.02214e+23\""},
             {"string(b'abc')", "\"abc\""},
             {"string(b'\\xc3\\xbf')", "\"ÿ\""},
             {"string(b'\\x00\\xff')", "error: invalid UTF-8"},
             {"string(timestamp('2009-02-13T23:31:30.120Z'))", "\"2009-02-13T23:31:30.12Z\""},
             {"string(timestamp('2009-02-14T01:31:30+02:00'))", "\"2009-02-13T23:31:30Z\""},
             {"string(duration('1h30m'))", "\"5400s\""},
             {"string(duration('-1500ms'))", "\"-1.5s\""},
             {"string(null)", "error: no such overload"},
             {"string([1])", "error: no such overload"}});
    }

    TEST_CASE("bytes, bool, timestamp and duration read their texts") {
        check_rows({{"bytes('ÿ')", "b\"\\xc3\\xbf\""},
                    {"bytes(b'a')", "b\"a\""},
                    {"bytes(1)", "error: no such overload"},
                    {"bool('true')", "true"},
                    {"bool('True')", "true"},
                    {"bool('1')", "true"},
                    {"bool('f')", "false"},
                    {"bool(true)", "true"},
                    {"bool('TrUe')", "error: is not a bool"},
                    {"bool(1)", "error: no such overload"},
                    {"timestamp(1234567890)", "timestamp(\"2009-02-13T23:31:30Z\")"},
                    {"timestamp(timestamp(0))", "timestamp(\"1970-01-01T00:00:00Z\")"},
                    {"timestamp(-62135596801)", "error: out of range"},
                    {"timestamp(253402300800)", "error: out of range"},
                    {"timestamp('2009-02-13')", "error: is not a timestamp"},
                    {"timestamp(1.5)", "error: no such overload"},
                    {"duration(duration('1s'))", "duration(\"1s\")"},
                    {"duration('1')", "error: is not a duration"},
                    {"duration(1)", "error: no such overload"}});
    }

    TEST_CASE("type gives types, and dyn its argument") {
        check_rows({{"type(1)", "int"},
                    {"type(1u)", "uint"},
                    {"type(1.0)", "double"},
                    {"type('')", "string"},
                    {"type(b'')", "bytes"},
                    {"type(true)", "bool"},
                    {"type(null)", "null_type"},
                    {"type([])", "list"},
                    {"type({})", "map"},
                    {"type(timestamp(0))", "google.protobuf.Timestamp"},
                    {"type(duration('0'))", "google.protobuf.Duration"},
                    {"type(int)", "type"},
                    {"type(type(1)) == type", "true"},
                    {"type(1) == int && type('a') == string", "true"},
                    {"type(duration('0')) == google.protobuf.Duration", "true"},
                    {"dyn([1, 'one'])", "[1, \"one\"]"},
                    {"dyn", "error: There is no \"dyn\" here"}});
    }
}
