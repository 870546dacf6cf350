#include "engine/cel/detail/time_text.hpp"

#include <cmath>
#include <limits>

#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

TEST_SUITE("cel/time_text") {
    TEST_CASE("timestamps keep nanoseconds and come back in UTC") {
        struct Row {
            const char* text;
            const char* written;
        };
        for (const Row& row :
             {Row{"2027-03-15T16:00:00Z", "2027-03-15T16:00:00Z"},
              Row{"2027-03-15T16:00:00.123456789Z", "2027-03-15T16:00:00.123456789Z"},
              Row{"2027-03-15T16:00:00.500Z", "2027-03-15T16:00:00.5Z"},
              Row{"2027-03-15T16:00:00+05:30", "2027-03-15T10:30:00Z"},
              Row{"1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"},
              Row{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
              Row{"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"}}) {
            CAPTURE(row.text);
            CHECK(timestamp_text(ok(parse_timestamp(row.text))) == row.written);
        }
    }

    TEST_CASE("what is no instant of the years 1 to 9999 is refused") {
        for (const char* text : {"", "2027-03-15", "2027-02-29T00:00:00Z", "2027-03-15T16:00:00",
                                 "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
                                 "2027-03-15T24:00:00Z", "2027-03-15T16:00:00.Z"}) {
            CAPTURE(text);
            CHECK(test::error_of(parse_timestamp(text)).code == ErrorCode::expression_failed);
        }
    }

    TEST_CASE("lengths of time are read in any units and written in seconds") {
        struct Row {
            const char* text;
            const char* written;
        };
        for (const Row& row :
             {Row{"1h30m", "5400s"}, Row{"1.5h", "5400s"}, Row{"-1s", "-1s"}, Row{"+1s", "1s"},
              Row{"0", "0s"}, Row{"0s", "0s"}, Row{"500ms", "0.5s"}, Row{"1us", "0.000001s"},
              Row{"1µs", "0.000001s"}, Row{"1ns", "0.000000001s"}, Row{"-1.5s", "-1.5s"},
              Row{".5s", "0.5s"}, Row{"1m", "60s"}, Row{"315576000000s", "315576000000s"}}) {
            CAPTURE(row.text);
            CHECK(time_span_text(ok(parse_time_span(row.text))) == row.written);
        }
    }

    TEST_CASE("what is no length of time is refused") {
        for (const char* text :
             {"", "1", "s", "1x", "1 s", "1d", "--1s", "1s2", ".s", "1h-1m", "315576000001s",
              "-320000000000s", "99999999999999999999999999999999999999999h"}) {
            CAPTURE(text);
            CHECK(test::error_of(parse_time_span(text)).code == ErrorCode::expression_failed);
        }
    }

    TEST_CASE("a double is written in its shortest form, with an exponent from a million on") {
        for (const auto& [number, text] :
             {std::pair(0.0, "0"), std::pair(1.0, "1"), std::pair(-0.5, "-0.5"),
              std::pair(0.1, "0.1"), std::pair(999999.0, "999999"), std::pair(1e6, "1e+06"),
              std::pair(1234567.0, "1.234567e+06"), std::pair(0.0001, "0.0001"),
              std::pair(0.00001, "1e-05"),
              std::pair(std::numeric_limits<double>::infinity(), "+Inf"),
              std::pair(std::nan(""), "NaN")}) {
            CHECK(double_text(number) == text);
        }
    }
}
