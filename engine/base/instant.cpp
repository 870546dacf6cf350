#include "engine/base/instant.hpp"

#include <fmt/format.h>

#include <optional>

namespace sillage {
namespace {

constexpr std::int64_t ms_per_day = 86'400'000;

/// The number in `count` digits at `at`, or nothing when one of them is no digit.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

Error not_an_instant(std::string_view text) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = fmt::format("\"{}\" is not an instant such as 2027-03-15T16:00:00Z.",
                                        text.substr(0, 64))};
}

/// Milliseconds of `hh:mm:ss` at the start of `text`.
std::optional<std::int64_t> clock_ms(std::string_view text) {
    const auto hour = digits(text, 0, 2);
    const auto minute = digits(text, 3, 2);
    const auto second = digits(text, 6, 2);
    if (!hour || !minute || !second || text[2] != ':' || text[5] != ':' || *hour > 23 ||
        *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    return ((*hour * 60LL + *minute) * 60 + *second) * 1000;
}

/// Takes `.123456` from the front of `text`; its first three digits as milliseconds.
std::optional<std::int64_t> take_fraction_ms(std::string_view& text) {
    if (text.empty() || text.front() != '.') {
        return 0;
    }
    std::size_t end = 1;
    std::int64_t ms = 0;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end) {
        if (end <= 3) {
            ms = ms * 10 + (text[end] - '0');
        }
    }
    if (end == 1 || end > 10) {
        return std::nullopt;
    }
    for (std::size_t seen = end - 1; seen < 3; ++seen) {
        ms *= 10;
    }
    text.remove_prefix(end);
    return ms;
}

/// Milliseconds that `Z` or `+hh:mm` lies ahead of UTC.
std::optional<std::int64_t> offset_ms(std::string_view text) {
    if (text == "Z" || text == "z") {
        return 0;
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const auto hour = digits(text, 1, 2);
    const auto minute = digits(text, 4, 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) {
        return std::nullopt;
    }
    return (text[0] == '-' ? -1 : 1) * (*hour * 60LL + *minute) * 60'000;
}

}  // namespace

std::int64_t days_from_civil(CivilDate date) {
    // Howard Hinnant's construction: March-based years make the leap day the last of its year.
    const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month = date.month + (date.month > 2 ? -3 : 9);
    const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

CivilDate civil_from_days(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t day_of_era = days - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    const int civil_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
    return CivilDate{.year = static_cast<int>(year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0)),
                     .month = civil_month,
                     .day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1)};
}

int days_in_month(int year, int month) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2) {
        return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

Result<CivilDate> parse_date(std::string_view text) {
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    if (text.size() != 10 || !year || !month || !day || text[4] != '-' || text[7] != '-' ||
        *year < 1 || *month < 1 || *month > 12 || *day < 1 || *day > days_in_month(*year, *month)) {
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = fmt::format("\"{}\" is not a date such as 2027-03-15.", text.substr(0, 64))};
    }
    return CivilDate{.year = *year, .month = *month, .day = *day};
}

std::string to_string(CivilDate date) {
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

Result<Instant> parse_instant(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't')) {
        return not_an_instant(text);
    }
    const auto date = parse_date(text.substr(0, 10));
    const auto clock = clock_ms(text.substr(11));
    std::string_view rest = text.substr(19);
    const auto fraction = take_fraction_ms(rest);
    const auto offset = offset_ms(rest);
    if (!date || !clock || !fraction || !offset) {
        return not_an_instant(text);
    }
    const Instant at{days_from_civil(date.value()) * ms_per_day + *clock + *fraction - *offset};
    if (at < instant_min || at > instant_max) {
        return not_an_instant(text);
    }
    return at;
}

std::string to_string(Instant at) {
    std::int64_t days = at.milliseconds / ms_per_day;
    std::int64_t ms = at.milliseconds % ms_per_day;
    if (ms < 0) {
        --days;
        ms += ms_per_day;
    }
    const auto seconds = ms / 1000;
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(civil_from_days(days)),
                       seconds / 3600, seconds / 60 % 60, seconds % 60, ms % 1000);
}

}  // namespace sillage
