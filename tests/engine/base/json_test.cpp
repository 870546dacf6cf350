#include "engine/base/json.hpp"

#include <cstdlib>
#include <string>

#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("base/json") {
    TEST_CASE("a value is read and printed as it was") {
        for (const auto* text :
             {"null", "true", "-12", "9223372036854775807", "0.5", "1.0", "1e+300", "\"é\\n\"",
              "[]", "{}", R"({"b":1,"a":[2,{"c":null}]})"}) {
            CAPTURE(text);
            CHECK(to_json_text(ok(parse_json(text))) == text);
        }
    }

    TEST_CASE("a number too large for an int is a double") {
        CHECK(ok(parse_json("9223372036854775808")).is_double());
        CHECK(ok(parse_json("1.0")).is_double());
        CHECK(ok(parse_json("5")).is_int64());
    }

    TEST_CASE("a number is read as the nearest double, which is written as it was read") {
        for (const auto* text :
             {"0.1", "1.7976931348623157e+308", "2.2250738585072014e-308", "5e-324", "8.41e+21",
              "9007199254740993.0", "123456789012345.67"}) {
            CAPTURE(text);
            CHECK(ok(parse_json(text)).as_double() == std::strtod(text, nullptr));
        }
        const std::string many_digits(300, '7');
        const auto number = ok(parse_json("[" + many_digits + ",1e-400]")).as_array();
        CHECK(number[0].as_double() == std::strtod(many_digits.c_str(), nullptr));
        CHECK(number[1].as_double() == 0.0);
    }

    TEST_CASE("what Boost lets pass is refused with a pointer") {
        struct Row {
            const char* text;
            const char* where;
        };
        for (const Row& row : {
                 Row{R"({"a":{"b~/":1,"b~/":2}})", "/a/b~0~1"},
                 Row{R"({"a":[1,1e999]})", "/a/1"},
                 Row{"[1,2", "/2"},
                 Row{R"({"a":{)", "/a"},
                 Row{"{} {}", ""},
                 Row{"", ""},
                 Row{"\"\xff\"", ""},
                 Row{"01", ""},
             }) {
            CAPTURE(row.text);
            const Error error = error_of(parse_json(row.text));
            CHECK(error.code == ErrorCode::malformed);
            CHECK(error.where == row.where);
        }
    }

    TEST_CASE("the thirty-third level of nesting is refused") {
        CHECK(parse_json(std::string(32, '[') + std::string(32, ']')).has_value());
        CHECK(error_of(parse_json(std::string(33, '[') + std::string(33, ']'))).message ==
              "More than 32 levels of nesting.");
    }

    TEST_CASE("what was written here may be read back deeper") {
        const std::string deep = std::string(40, '[') + std::string(40, ']');

        CHECK(parse_json(deep, 40).has_value());
        CHECK(error_of(parse_json(deep, 39)).message == "More than 39 levels of nesting.");
    }
}
