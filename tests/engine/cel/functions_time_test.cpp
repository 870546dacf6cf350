#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"

using namespace sillage;
using test::check_rows;

namespace {

/// A host whose every named zone lies an hour east.
Result<Value> one_hour_east(const void*, HostFunction function, std::span<const Value> arguments) {
    CHECK(function == HostFunction::zone_offset);
    CHECK(arguments[0].text());
    CHECK(arguments[1].get_if<Timestamp>());
    return Value(std::int64_t{3600});
}

}  // namespace

TEST_SUITE("cel/functions_time") {
    TEST_CASE("an instant is read in UTC unless a zone is given") {
        check_rows({{"timestamp('2009-02-13T23:31:30.123456789Z').getFullYear()", "2009"},
                    {"timestamp('2009-02-13T23:31:30Z').getMonth()", "1"},
                    {"timestamp('2009-02-13T23:31:30Z').getDate()", "13"},
                    {"timestamp('2009-02-13T23:31:30Z').getDayOfMonth()", "12"},
                    {"timestamp('2009-02-13T23:31:30Z').getDayOfWeek()", "5"},
                    {"timestamp('2027-03-14T00:00:00Z').getDayOfWeek()", "0"},
                    {"timestamp('1969-12-31T23:00:00Z').getDayOfWeek()", "3"},
                    {"timestamp('2009-02-13T23:31:30Z').getDayOfYear()", "43"},
                    {"timestamp('2028-12-31T00:00:00Z').getDayOfYear()", "365"},
                    {"timestamp('2009-02-13T23:31:30Z').getHours()", "23"},
                    {"timestamp('2009-02-13T23:31:30Z').getMinutes()", "31"},
                    {"timestamp('2009-02-13T23:31:30Z').getSeconds()", "30"},
                    {"timestamp('2009-02-13T23:31:30.123456789Z').getMilliseconds()", "123"},
                    {"timestamp('1969-12-31T23:59:59.5Z').getSeconds()", "59"}});
    }

    TEST_CASE("a fixed offset moves the clock") {
        check_rows({{"timestamp('2009-02-13T23:31:30Z').getHours('02:00')", "1"},
                    {"timestamp('2009-02-13T23:31:30Z').getDayOfMonth('+11:00')", "13"},
                    {"timestamp('2009-02-13T02:00:00Z').getDayOfMonth('-02:30')", "11"},
                    {"timestamp('2009-01-01T00:00:00Z').getFullYear('-09:30')", "2008"},
                    {"timestamp('2009-02-13T23:31:30Z').getSeconds('-00:00')", "30"},
                    {"timestamp('2009-02-13T23:31:30Z').getHours('UTC')", "23"},
                    {"timestamp('2009-02-13T23:31:30Z').getHours('+24:00')", "error: time zone"},
                    {"timestamp('2009-02-13T23:31:30Z').getHours('2:00')", "error: time zone"},
                    {"timestamp('2009-02-13T23:31:30Z').getHours(2)", "error: no such overload"}});
    }

    TEST_CASE("a named zone is the host's to know") {
        const Environment host{.call = one_hour_east};

        CHECK(test::outcome_of("timestamp('2009-02-13T23:31:30Z').getHours('Europe/Paris')",
                               Scope(), host) == "0");
        CHECK(test::outcome_of("timestamp('2009-02-13T23:31:30Z').getDate('Europe/Paris')", Scope(),
                               host) == "14");
    }

    TEST_CASE("asking for zones costs steps, whether they exist or not") {
        const Environment host{
            .call = [](const void*, HostFunction, std::span<const Value>) -> Result<Value> {
                return Error{.code = ErrorCode::expression_failed, .message = "no such zone"};
            }};

        CHECK(test::outcome_of("timestamp(0).getHours('Mars/Olympus')", Scope(), host) ==
              "error: no such zone");
        CHECK(test::outcome_of("[1, 2, 3, 4, 5].exists(x, timestamp(0).getHours('Mars/O') > x)",
                               Scope(), host, {.steps = 100})
                  .starts_with("error: The expression takes more steps"));
    }

    TEST_CASE("a length of time is read whole in each unit, but for milliseconds") {
        check_rows({{"duration('10000s').getHours()", "2"},
                    {"duration('3730s').getMinutes()", "62"},
                    {"duration('3730s').getSeconds()", "3730"},
                    {"duration('-1500ms').getSeconds()", "-1"},
                    {"duration('123.321456789s').getMilliseconds()", "321"},
                    {"duration('1s').getHours('UTC')", "error: no such overload"},
                    {"duration('1s').getDate()", "error: no such overload"}});
    }
}
