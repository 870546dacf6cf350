#include <algorithm>

#include "engine/calendar/detail/zone.hpp"

namespace sillage {
namespace {

/// Monday is 0; 1970-01-01 was a Thursday.
std::size_t weekday_of(std::int64_t day) {
    return static_cast<std::size_t>(day + 3 - 7 * floor_div(day + 3, 7));
}

}  // namespace

std::int64_t worked_days(const WorkCalendar& calendar, std::int64_t begin, std::int64_t end) {
    if (end <= begin) {
        return 0;
    }
    // Whole weeks at once: an expression may ask for the years 1 to 9999.
    const std::int64_t weeks = (end - begin) / 7;
    std::int64_t count = weeks * std::ranges::count(calendar.weekend, false);
    for (std::int64_t day = begin + weeks * 7; day < end; ++day) {
        count += calendar.weekend[weekday_of(day)] ? 0 : 1;
    }
    const auto first = std::ranges::lower_bound(calendar.holidays, civil_from_days(begin));
    const auto last = std::ranges::lower_bound(calendar.holidays, civil_from_days(end));
    for (auto holiday = first; holiday != last; ++holiday) {
        const bool is_repeated = holiday != first && *holiday == *std::prev(holiday);
        const bool is_worked = !calendar.weekend[weekday_of(days_from_civil(*holiday))];
        count -= is_worked && !is_repeated ? 1 : 0;
    }
    return count;
}

std::int64_t days_between(const WorkCalendar& calendar, Instant a, Instant b) {
    return local_day(calendar, b) - local_day(calendar, a);
}

std::int64_t working_days_between(const WorkCalendar& calendar, Instant a, Instant b) {
    const std::int64_t first = local_day(calendar, a);
    const std::int64_t last = local_day(calendar, b);
    return first <= last ? worked_days(calendar, first, last) : -worked_days(calendar, last, first);
}

}  // namespace sillage
