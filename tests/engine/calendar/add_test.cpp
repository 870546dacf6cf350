#include "engine/calendar/calendar.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

WorkCalendar calendar_in(const std::string& zone) {
    return WorkCalendar{.timezone = zone, .zone = ok(load_zone(zone))};
}

struct Sum {
    std::string_view from;
    std::string_view duration;
    std::string_view to;
};

void check_sums(const WorkCalendar& calendar, const std::vector<Sum>& sums) {
    for (const Sum& sum : sums) {
        CAPTURE(sum.from);
        CAPTURE(sum.duration);
        const auto to =
            add(calendar, ok(parse_instant(sum.from)), ok(parse_duration(sum.duration)));
        CHECK(to_string(ok(to)) == sum.to);
    }
}

void check_differences(const WorkCalendar& calendar, const std::vector<Sum>& sums) {
    for (const Sum& sum : sums) {
        CAPTURE(sum.from);
        CAPTURE(sum.duration);
        const auto to =
            subtract(calendar, ok(parse_instant(sum.from)), ok(parse_duration(sum.duration)));
        CHECK(to_string(ok(to)) == sum.to);
    }
}

Instant at(std::string_view text) { return ok(parse_instant(text)); }

}  // namespace

TEST_SUITE("calendar/add") {
    TEST_CASE("days keep the wall-clock time over both changes of the clock") {
        // Europe/Paris went to summer time on 2027-03-28 and back on 2027-10-31.
        check_sums(calendar_in("Europe/Paris"),
                   {{"2027-03-27T08:00:00Z", "1 day", "2027-03-28T07:00:00.000Z"},
                    {"2027-03-27T08:00:00Z", "24h", "2027-03-28T08:00:00.000Z"},
                    {"2027-10-30T07:00:00Z", "1 day", "2027-10-31T08:00:00.000Z"},
                    {"2027-10-30T07:00:00Z", "24h", "2027-10-31T07:00:00.000Z"},
                    {"2027-03-01T23:30:00Z", "6 months", "2027-09-01T22:30:00.000Z"}});
    }

    TEST_CASE("a time in a gap moves forward and a repeated one is the first") {
        check_sums(calendar_in("Europe/Paris"),
                   {{"2027-03-27T01:30:00Z", "1 day", "2027-03-28T01:30:00.000Z"},
                    {"2027-10-30T00:30:00Z", "1 day", "2027-10-31T00:30:00.000Z"},
                    // The second 02:30 of that night, and an exact hour later.
                    {"2027-10-31T01:30:00Z", "1h", "2027-10-31T02:30:00.000Z"},
                    {"2027-10-31T01:30:00Z", "1 day", "2027-11-01T01:30:00.000Z"}});
        // Half an hour: 02:15 does not exist on 2027-10-03, 01:45 is there twice on 2027-04-04.
        check_sums(calendar_in("Australia/Lord_Howe"),
                   {{"2027-10-01T15:45:00Z", "1 day", "2027-10-02T15:45:00.000Z"},
                    {"2027-10-01T15:15:00Z", "1 day", "2027-10-02T15:15:00.000Z"},
                    {"2027-10-01T18:00:00Z", "1 day", "2027-10-02T17:30:00.000Z"},
                    {"2027-04-02T14:45:00Z", "1 day", "2027-04-03T14:45:00.000Z"},
                    {"2027-04-02T16:00:00Z", "1 day", "2027-04-03T16:30:00.000Z"}});
    }

    TEST_CASE("the day is clipped to the month's end") {
        check_sums(calendar_in("UTC"),
                   {{"2028-01-31T12:00:00Z", "1 month", "2028-02-29T12:00:00.000Z"},
                    {"2027-01-31T12:00:00Z", "1 month", "2027-02-28T12:00:00.000Z"},
                    {"2028-02-29T12:00:00Z", "1 year", "2029-02-28T12:00:00.000Z"},
                    {"2028-02-29T12:00:00Z", "4 years", "2032-02-29T12:00:00.000Z"},
                    {"2027-12-31T23:59:59.999Z", "1 day", "2028-01-01T23:59:59.999Z"},
                    {"2027-11-30T00:00:00Z", "P3M1D", "2028-03-01T00:00:00.000Z"},
                    {"1969-12-31T12:00:00Z", "2 months", "1970-02-28T12:00:00.000Z"}});
        check_differences(calendar_in("UTC"),
                          {{"2028-03-31T12:00:00Z", "1 month", "2028-02-29T12:00:00.000Z"},
                           {"2027-01-15T12:00:00Z", "2 months", "2026-11-15T12:00:00.000Z"},
                           {"2028-01-01T00:00:00Z", "500ms", "2027-12-31T23:59:59.500Z"}});
    }

    TEST_CASE("working days skip weekends and holidays") {
        WorkCalendar calendar = calendar_in("Europe/Paris");
        calendar.holidays = {{2027, 5, 6}, {2027, 5, 8}, {2027, 5, 17}};  // Thu, Sat, Mon
        check_sums(calendar,
                   {{"2027-05-05T15:00:00Z", "1 working day", "2027-05-07T15:00:00.000Z"},
                    {"2027-05-07T15:00:00Z", "1 working day", "2027-05-10T15:00:00.000Z"},
                    {"2027-05-08T15:00:00Z", "1 working day", "2027-05-10T15:00:00.000Z"},
                    {"2027-05-05T15:00:00Z", "10 working days", "2027-05-21T15:00:00.000Z"},
                    {"2027-03-26T08:00:00Z", "1 working day", "2027-03-29T07:00:00.000Z"},
                    {"2027-05-08T15:00:00Z", "P0WD", "2027-05-08T15:00:00.000Z"}});
        check_differences(calendar,
                          {{"2027-05-10T15:00:00Z", "1 working day", "2027-05-07T15:00:00.000Z"},
                           {"2027-05-09T15:00:00Z", "2 working days", "2027-05-05T15:00:00.000Z"}});
    }

    TEST_CASE("without any worked day there is no answer, but an end") {
        WorkCalendar calendar = calendar_in("UTC");
        calendar.weekend.fill(true);

        const auto to = add(calendar, at("2027-05-05T15:00:00Z"), {.working_days = 1});

        CHECK(error_of(to).message == "The instant lies outside the years 1 to 9999.");
    }

    TEST_CASE("no sum leaves the years 1 to 9999") {
        const WorkCalendar calendar = calendar_in("Asia/Tokyo");

        CHECK(error_of(add(calendar, instant_max, {.exact = Duration{1}})).code ==
              ErrorCode::invalid_argument);
        CHECK(error_of(add(calendar, at("9990-01-01T00:00:00Z"), {.months = 240})).code ==
              ErrorCode::invalid_argument);
        CHECK(error_of(subtract(calendar, instant_min, {.days = 1})).code ==
              ErrorCode::invalid_argument);
        CHECK(error_of(add(calendar, at("9999-12-01T00:00:00Z"), {.working_days = 300})).code ==
              ErrorCode::invalid_argument);
    }
}
