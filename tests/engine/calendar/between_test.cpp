#include <algorithm>

#include "engine/calendar/calendar.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

WorkCalendar calendar_in(const std::string& zone) {
    return WorkCalendar{.timezone = zone, .zone = ok(load_zone(zone))};
}

Instant at(std::string_view text) { return ok(parse_instant(text)); }

}  // namespace

TEST_SUITE("calendar/between") {
    TEST_CASE("days count dates, not hours") {
        const WorkCalendar paris = calendar_in("Europe/Paris");

        CHECK(days_between(paris, at("2027-03-27T22:00:00Z"), at("2027-03-28T22:00:00Z")) == 2);
        CHECK(days_between(paris, at("2027-03-27T23:30:00Z"), at("2027-03-28T21:30:00Z")) == 0);
        CHECK(days_between(paris, at("2027-03-28T12:00:00Z"), at("2027-03-27T12:00:00Z")) == -1);
        CHECK(days_between(WorkCalendar{}, instant_min, instant_max) == 3'652'058);
    }

    TEST_CASE("working days leave out weekends and holidays, whichever way one counts") {
        WorkCalendar calendar = calendar_in("UTC");
        calendar.holidays = {{2027, 5, 6}, {2027, 5, 6}, {2027, 5, 8}};
        const Instant monday = at("2027-05-03T12:00:00Z");
        const Instant next_monday = at("2027-05-10T01:00:00Z");

        CHECK(working_days_between(calendar, monday, next_monday) == 4);
        CHECK(working_days_between(calendar, next_monday, monday) == -4);
        CHECK(working_days_between(calendar, monday, monday) == 0);
        CHECK(working_days_between(calendar, at("2027-05-08T00:00:00Z"), next_monday) == 0);
        calendar.holidays.clear();
        CHECK(working_days_between(calendar, instant_min, instant_max) == 521'722 * 5 + 4);
    }

    TEST_CASE("counting day by day gives the same") {
        WorkCalendar calendar = calendar_in("UTC");
        calendar.weekend = {false, false, false, false, true, true, false};
        calendar.holidays = {{2027, 1, 1}, {2027, 1, 14}, {2027, 1, 17}};
        const Instant start = at("2026-12-20T00:00:00Z");
        std::int64_t count = 0;
        for (std::int64_t day = 0; day < 60; ++day) {
            const Instant here = start + Duration{day * 86'400'000};
            REQUIRE(working_days_between(calendar, start, here) == count);
            const CivilDate date = civil_from_days(days_from_civil({2026, 12, 20}) + day);
            const auto weekday = static_cast<std::size_t>((day + 6) % 7);  // began on a Sunday
            const bool is_holiday =
                std::ranges::find(calendar.holidays, date) != calendar.holidays.end();
            count += calendar.weekend[weekday] || is_holiday ? 0 : 1;
        }
        CHECK(count > 35);
    }
}
