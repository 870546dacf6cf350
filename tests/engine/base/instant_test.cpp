#include "engine/base/instant.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("base/instant") {
    TEST_CASE("an instant is written in UTC with milliseconds") {
        CHECK(to_string(Instant{0}) == "1970-01-01T00:00:00.000Z");
        CHECK(to_string(Instant{-1}) == "1969-12-31T23:59:59.999Z");
        CHECK(to_string(instant_min) == "0001-01-01T00:00:00.000Z");
        CHECK(to_string(instant_max) == "9999-12-31T23:59:59.999Z");
    }

    TEST_CASE("what RFC 3339 allows is read") {
        CHECK(ok(parse_instant("2027-03-15T17:00:00+01:00")) ==
              ok(parse_instant("2027-03-15T16:00:00.000Z")));
        CHECK(ok(parse_instant("1970-01-01T00:00:00.1239Z")).milliseconds == 123);
        CHECK(ok(parse_instant("1970-01-01t00:00:00.5z")).milliseconds == 500);
    }

    TEST_CASE("what is no instant is refused") {
        for (const auto* text :
             {"", "2027-03-15", "2027-02-29T00:00:00Z", "2027-01-01T24:00:00Z",
              "2027-01-01T00:00:00", "2027-01-01T00:00:00.Z", "2027-01-01 00:00:00Z",
              "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "2027-01-01T00:00:00+0100"}) {
            CAPTURE(text);
            CHECK(error_of(parse_instant(text)).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("days and dates turn into each other over the whole range") {
        for (std::int64_t day = -719'162; day < 2'932'896; day += 97) {
            REQUIRE(days_from_civil(civil_from_days(day)) == day);
        }
        CHECK(civil_from_days(0) == CivilDate{1970, 1, 1});
        CHECK(days_in_month(2028, 2) == 29);
        CHECK(days_in_month(2100, 2) == 28);
        CHECK(ok(parse_date("2028-02-29")) == CivilDate{2028, 2, 29});
    }
}
