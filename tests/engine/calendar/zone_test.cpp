#include "engine/calendar/calendar.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("calendar/zone") {
    TEST_CASE("a zone knows its offset at every instant") {
        const auto paris = ok(load_zone("Europe/Paris"));

        CHECK(offset_seconds(*paris, ok(parse_instant("2027-03-28T00:59:59Z"))) == 3600);
        CHECK(offset_seconds(*paris, ok(parse_instant("2027-03-28T01:00:00Z"))) == 7200);
        CHECK(offset_seconds(*paris, ok(parse_instant("2199-07-01T00:00:00Z"))) == 7200);
        const auto nepal = ok(load_zone("Asia/Kathmandu"));
        CHECK(offset_seconds(*nepal, Instant{1'800'000'000'000}) == 20'700);
    }

    TEST_CASE("only IANA's names are zones") {
        for (const auto* name :
             {"UTC", "Etc/UTC", "CET", "Europe/Paris", "America/Port-au-Prince"}) {
            CAPTURE(name);
            CHECK(load_zone(name).has_value());
        }
        for (const auto* name :
             {"", "BST", "IST", "GMT+3", "Etc/Unknown", "europe/paris", "Paris"}) {
            CAPTURE(name);
            CHECK(error_of(load_zone(name)).code == ErrorCode::invalid_argument);
        }
        CHECK(error_of(load_zone("Europe/Pariss")).message ==
              "\"Europe/Pariss\" is not a time zone such as Europe/Paris; did you mean "
              "\"Europe/Paris\"?");
    }

    TEST_CASE("a day begins at midnight, or after the gap that swallows it") {
        WorkCalendar calendar{.timezone = "Europe/Paris", .zone = ok(load_zone("Europe/Paris"))};
        CHECK(to_string(start_of_day(calendar, {2027, 7, 14})) == "2027-07-13T22:00:00.000Z");

        // Chile's clocks went from 24:00 to 01:00 on 2022-09-11; Samoa had no 2011-12-30.
        calendar.zone = ok(load_zone("America/Santiago"));
        CHECK(to_string(start_of_day(calendar, {2022, 9, 11})) == "2022-09-11T04:00:00.000Z");
        // Toronto's went from 23:30 to 00:30 on 1919-03-30: that day begins with the change.
        calendar.zone = ok(load_zone("America/Toronto"));
        CHECK(to_string(start_of_day(calendar, {1919, 3, 31})) == "1919-03-31T04:30:00.000Z");
    }

    TEST_CASE("a calendar that nobody loaded is in UTC") {
        CHECK(start_of_day(WorkCalendar{}, {1970, 1, 1}) == Instant{0});
    }
}
