#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace sillage {

/// An exact length of time. Unit: milliseconds; may be negative.
struct Duration {
    std::int64_t milliseconds = 0;

    auto operator<=>(const Duration&) const = default;
};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
/// Range: the years 1 to 9999, as CEL's timestamp.
struct Instant {
    std::int64_t milliseconds = 0;

    auto operator<=>(const Instant&) const = default;
};

[[nodiscard]] constexpr Instant operator+(Instant at, Duration by) {
    return Instant{at.milliseconds + by.milliseconds};
}
[[nodiscard]] constexpr Duration operator-(Instant later, Instant earlier) {
    return Duration{later.milliseconds - earlier.milliseconds};
}

/// First and last instants that RFC 3339 can write and CEL can hold.
inline constexpr Instant instant_min{-62'135'596'800'000};
inline constexpr Instant instant_max{253'402'300'799'999};

/// RFC 3339 in UTC with milliseconds. Ex. `2027-03-15T16:00:00.000Z`.
[[nodiscard]] std::string to_string(Instant at);

/// Reads RFC 3339 with `Z` or an offset; digits of a second past the third are dropped.
/// Errors: invalid_argument: not RFC 3339, no such day, or out of range.
[[nodiscard]] Result<Instant> parse_instant(std::string_view text);

/// A day of the proleptic Gregorian calendar. Ex. `{2027, 3, 15}`.
struct CivilDate {
    int year = 1970;
    int month = 1;  ///< 1-12
    int day = 1;    ///< 1-31

    auto operator<=>(const CivilDate&) const = default;
};

/// Days since 1970-01-01, and back.
[[nodiscard]] std::int64_t days_from_civil(CivilDate date);
[[nodiscard]] CivilDate civil_from_days(std::int64_t days);

/// Days of that month. Ex. 29 for `(2028, 2)`.
[[nodiscard]] int days_in_month(int year, int month);

/// Reads `2027-03-15`. Errors: invalid_argument: not a date, no such day, year outside 1-9999.
[[nodiscard]] Result<CivilDate> parse_date(std::string_view text);

/// `2027-03-15`.
[[nodiscard]] std::string to_string(CivilDate date);

}  // namespace sillage
