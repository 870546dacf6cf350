#include "engine/calendar/format.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

TEST_SUITE("calendar/format") {
    TEST_CASE("numbers are written as the reader's language does") {
        CHECK(format_number(std::int64_t{2'400'000}, "en") == "2,400,000");
        CHECK(format_number(std::int64_t{2'400'000}, "fr") == "2\u202f400\u202f000");
        CHECK(format_number(std::int64_t{-7}, "fr-BE") == "-7");
        CHECK(format_number(12'500.5, "en") == "12,500.5");
        CHECK(format_number(12'500.5, "fr") == "12\u202f500,5");
        CHECK(format_number(0.1 + 0.2, "en") == "0.3");
        CHECK(format_number(5.0, "en") == "5");
    }

    TEST_CASE("instants are written in the calendar's zone and the reader's language") {
        const WorkCalendar paris{.timezone = "Europe/Paris", .zone = ok(load_zone("Europe/Paris"))};
        const Instant winter = ok(parse_instant("2027-03-15T16:00:00Z"));

        CHECK(format_instant(paris, winter, "en") == "15 March 2027 at 17:00 CET");
        CHECK(format_instant(paris, winter, "fr") == "15 mars 2027 \u00e0 17:00 UTC+1");
        CHECK(format_instant(paris, winter, "de-AT") == "15. M\u00e4rz 2027 um 17:00 MEZ");
        CHECK(format_instant(WorkCalendar{}, winter, "en") == "15 March 2027 at 16:00 UTC");
    }

    TEST_CASE("a day is written without time and zone") {
        const WorkCalendar paris{.timezone = "Europe/Paris", .zone = ok(load_zone("Europe/Paris"))};
        const Instant midnight = ok(parse_instant("2027-03-14T23:00:00Z"));

        CHECK(format_day(paris, midnight, "en") == "15 March 2027");
        CHECK(format_day(paris, midnight, "fr") == "15 mars 2027");
        CHECK(format_day(WorkCalendar{}, midnight, "en") == "14 March 2027");
    }

    TEST_CASE("an unknown language reads English") {
        CHECK(format_number(std::int64_t{1'000}, "") == "1,000");
        CHECK(format_number(std::int64_t{1'000}, "not a tag") == "1,000");
    }
}
