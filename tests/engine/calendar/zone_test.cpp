#include <random>

#include "engine/calendar/detail/zone.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

std::int64_t icu_offset_ms(const Zone& zone, std::int64_t at_ms) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t standard = 0;
    std::int32_t daylight = 0;
    zone.rules().getOffset(static_cast<UDate>(at_ms), false, standard, daylight, status);
    REQUIRE(U_SUCCESS(status));
    return std::int64_t{standard} + daylight;
}

std::int64_t icu_instant_ms(const Zone& zone, std::int64_t local_ms) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t standard = 0;
    std::int32_t daylight = 0;
    zone.rules().getOffsetFromLocal(static_cast<UDate>(local_ms), UCAL_TZ_LOCAL_FORMER,
                                    UCAL_TZ_LOCAL_FORMER, standard, daylight, status);
    REQUIRE(U_SUCCESS(status));
    return local_ms - standard - daylight;
}

/// The zone's answers differ from ICU's at that instant, or at that time on its clocks.
bool differs_from_icu(const Zone& zone, std::int64_t at_ms) {
    return zone.offset_ms(Instant{at_ms}) != icu_offset_ms(zone, at_ms) ||
           zone.instant_of(at_ms).milliseconds != icu_instant_ms(zone, at_ms);
}

constexpr std::array awkward_zones = {
    "Europe/Paris",      "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Africa/Casablanca", "Pacific/Apia",      "America/Santiago",    "Antarctica/Troll"};

}  // namespace

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

    TEST_CASE("a zone that is asked for once answers by name") {
        const Instant summer = ok(parse_instant("2027-07-01T12:00:00Z"));

        CHECK(ok(offset_seconds("Europe/Paris", summer)) == 7'200);
        CHECK(error_of(offset_seconds("Europe/Pariss", summer)).message ==
              "\"Europe/Pariss\" is not a time zone such as Europe/Paris.");
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

    TEST_CASE("at any time from 1900 to 2200 a zone answers as ICU does") {
        constexpr std::uint64_t seed = 20'270'328;
        for (const auto* name : awkward_zones) {
            CAPTURE(name);
            const auto zone = ok(load_zone(name));
            std::mt19937_64 random(seed);
            std::uniform_int_distribution<std::int64_t> any(-2'208'988'800'000, 7'258'118'400'000);
            for (int count = 0; count < 10'000; ++count) {
                const std::int64_t at_ms = any(random);
                if (differs_from_icu(*zone, at_ms)) {
                    FAIL_CHECK(at_ms);
                }
            }
        }
    }

    TEST_CASE("around every change of the clock a zone answers as ICU does") {
        for (const auto* name : awkward_zones) {
            CAPTURE(name);
            const auto zone = ok(load_zone(name));
            for (std::size_t index = 0; index < zone->changes().size(); ++index) {
                const OffsetChange& change = zone->changes()[index];
                const std::int64_t before = zone->changes()[index == 0 ? 0 : index - 1].offset_ms;
                for (const std::int64_t apart : {std::int64_t{0}, before, change.offset_ms}) {
                    const std::int64_t at_ms = change.at_ms + apart;
                    CAPTURE(at_ms);
                    CHECK_FALSE(differs_from_icu(*zone, at_ms - 1));
                    CHECK_FALSE(differs_from_icu(*zone, at_ms));
                    CHECK_FALSE(differs_from_icu(*zone, at_ms + 1));
                }
            }
        }
    }

    TEST_CASE("a calendar that nobody loaded is in UTC") {
        CHECK(start_of_day(WorkCalendar{}, {1970, 1, 1}) == Instant{0});
    }
}
