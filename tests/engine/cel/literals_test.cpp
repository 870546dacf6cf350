#include "engine/cel/detail/literals.hpp"

#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using namespace sillage;
using test::check_rows;

TEST_SUITE("cel/literals") {
    TEST_CASE("escapes stand for characters in text") {
        check_rows({{R"('\a\b\f\n\r\t\v' == '\x07\x08\x0c\x0a\x0d\x09\x0b')", "true"},
                    {R"('\\ \? \" \' \`')", "\"\\\\ ? \\\" ' `\""},
                    {R"('\x41\X42\103')", "\"ABC\""},
                    {R"('\u00e9')", "\"é\""},
                    {R"('\U0001F600')", "\"😀\""},
                    {R"('\377')", "\"ÿ\""},
                    {R"('\xff')", "\"ÿ\""},
                    {R"('\ud800')", "error: no Unicode character"},
                    {R"('\U00110000')", "error: no Unicode character"},
                    {R"('\q')", "error: not known"},
                    {R"('\x4')", "error: not known"},
                    {R"('\xzz')", "error: lacks digits"},
                    {R"('\400')", "error: not known"},
                    {R"('\18 ')", "error: lacks digits"},
                    {R"('\8')", "error: not known"}});
    }

    TEST_CASE("escapes stand for octets in bytes") {
        check_rows({{R"(b'\377\xff')", R"(b"\xff\xff")"},
                    {R"(b'é')", R"(b"\xc3\xa9")"},
                    {R"(b'\u00e9')", "error: not known"},
                    {R"(size(b'\000'))", "1"}});
    }

    TEST_CASE("numbers keep to the range of their type") {
        check_rows({{"9223372036854775807", "9223372036854775807"},
                    {"-9223372036854775808", "-9223372036854775808"},
                    {"9223372036854775808", "error: out of range"},
                    {"-9223372036854775809", "error: out of range"},
                    {"0x7fffffffffffffff", "9223372036854775807"},
                    {"-0x8000000000000000", "-9223372036854775808"},
                    {"0x8000000000000000", "error: out of range"},
                    {"18446744073709551615u", "18446744073709551615u"},
                    {"18446744073709551616u", "error: out of range"},
                    {"0xffffffffffffffffU", "18446744073709551615u"},
                    {"007", "7"},
                    {"1e3", "1000.0"},
                    {".5", "0.5"},
                    {"-2.5e-3", "-0.0025"},
                    {"1e-999", "0.0"},
                    {"1e999", "error: out of range"}});
    }

    TEST_CASE("a double reads what from_chars reads, wholly") {
        CHECK(read_double("1.5") == 1.5);
        CHECK(read_double("-1e-400") == 0.0);
        CHECK_FALSE(read_double(""));
        CHECK_FALSE(read_double("1x"));
        CHECK_FALSE(read_double("1e400"));
    }
}
