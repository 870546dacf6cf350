#include "engine/calendar/calendar.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("calendar/duration") {
    TEST_CASE("durations are read as people and ISO 8601 write them") {
        struct Row {
            std::string_view text;
            CalendarDuration duration;
            std::string_view iso;
        };
        const auto exact = [](std::int64_t ms) { return CalendarDuration{.exact = Duration{ms}}; };
        const Row rows[] = {
            {"14 days", {.days = 14}, "P14D"},
            {"14d", {.days = 14}, "P14D"},
            {"1 day", {.days = 1}, "P1D"},
            {"2 weeks", {.days = 14}, "P14D"},
            {"1 w", {.days = 7}, "P7D"},
            {"6 months", {.months = 6}, "P6M"},
            {"18 months", {.months = 18}, "P18M"},
            {"1 year", {.months = 12}, "P1Y"},
            {"2y", {.months = 24}, "P2Y"},
            {"36h", exact(129'600'000), "PT36H"},
            {"15 min", exact(900'000), "PT15M"},
            {"90 minutes", exact(5'400'000), "PT1H30M"},
            {"10s", exact(10'000), "PT10S"},
            {"500ms", exact(500), "PT0.5S"},
            {"0s", exact(0), "PT0S"},
            {"10 working days", {.working_days = 10}, "P10WD"},
            {"1 working day", {.working_days = 1}, "P1WD"},
            {"P14D", {.days = 14}, "P14D"},
            {"PT36H", exact(129'600'000), "PT36H"},
            {"P2W", {.days = 14}, "P14D"},
            {"P10WD", {.working_days = 10}, "P10WD"},
            {"PT0.25S", exact(250), "PT0.25S"},
            {"PT1,5S", exact(1'500), "PT1.5S"},
            {"P1Y2M10DT2H30M",
             {.months = 14, .days = 10, .exact = Duration{9'000'000}},
             "P14M10DT2H30M"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.text);
            const auto duration = ok(parse_duration(row.text));
            CHECK(duration == row.duration);
            CHECK(to_iso(duration) == row.iso);
            CHECK(ok(parse_duration(row.iso)) == row.duration);
        }
    }

    TEST_CASE("what is no duration is refused") {
        for (const auto* text :
             {"",     "14",     "days",  "-1 days", "1.5h",   "14 Days", "1 day 2 h",     "P",
              "PT",   "P1DT",   "p1d",   "P1D2Y",   "P-1D",   "PT1.5H",  "PT0.0005S",     "P1H",
              "PT1D", "P1WD2D", "P1D1D", " 1 day",  "1 day ", "+1 day",  "10 workingdays"}) {
            CAPTURE(text);
            CHECK(error_of(parse_duration(text)).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("m alone is refused, since it may be minutes or months") {
        CHECK(error_of(parse_duration("15m"))
                  .message.ends_with("m may be minutes or months: write 15 min or 15 months"));
    }

    TEST_CASE("a misspelt unit names the nearest one") {
        CHECK(error_of(parse_duration("3 wekes")).message.ends_with("did you mean \"weeks\"?"));
    }

    TEST_CASE("a thousand years are the most") {
        CHECK(ok(parse_duration("1000 years")).months == 12'000);
        for (const auto* text : {"1001 years", "12001 months", "366001 days", "366001 working days",
                                 "99999999999999999999 s", "P600Y6000M1M", "8784001h"}) {
            CAPTURE(text);
            CHECK(error_of(parse_duration(text)).message.ends_with("is longer than 1000 years."));
        }
    }
}
