#include <algorithm>

#include "engine/calendar/detail/zone.hpp"

namespace sillage {
namespace {

Error out_of_range() {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "The instant lies outside the years 1 to 9999."};
}

bool is_in_range(Instant at) { return at >= instant_min && at <= instant_max; }

constexpr std::int64_t first_day = instant_min.milliseconds / ms_per_day;
constexpr std::int64_t last_day = instant_max.milliseconds / ms_per_day;

/// The day that many months later, clipped to the month's end.
std::int64_t move_months(std::int64_t day, std::int64_t months) {
    if (months == 0) {
        return day;
    }
    CivilDate date = civil_from_days(day);
    const std::int64_t month = date.year * std::int64_t{12} + (date.month - 1) + months;
    date.year = static_cast<int>(floor_div(month, 12));
    date.month = static_cast<int>(month - floor_div(month, 12) * 12) + 1;
    date.day = std::min(date.day, days_in_month(date.year, date.month));
    return days_from_civil(date);
}

/// The `count`-th worked day after `day`, or before it when `sign` is -1. Halves an interval that
/// must contain it, so that no loop runs over days.
Result<std::int64_t> move_working_days(const WorkCalendar& calendar, std::int64_t day,
                                       std::int64_t count, int sign) {
    const auto worked = [&](std::int64_t away) {
        return sign > 0 ? worked_days(calendar, day + 1, day + away + 1)
                        : worked_days(calendar, day - away, day);
    };
    std::int64_t too_near = 0;
    std::int64_t far_enough = sign > 0 ? last_day - day : day - first_day;
    if (worked(far_enough) < count) {
        return out_of_range();
    }
    while (far_enough - too_near > 1) {
        const std::int64_t middle = too_near + (far_enough - too_near) / 2;
        (worked(middle) < count ? too_near : far_enough) = middle;
    }
    return day + sign * far_enough;
}

/// `sign` 1 goes forward, -1 back.
Result<Instant> move(const WorkCalendar& calendar, Instant from, const CalendarDuration& duration,
                     int sign) {
    Instant at = from;
    if (duration.months != 0 || duration.days != 0 || duration.working_days != 0) {
        const std::int64_t local = local_ms(calendar, from);
        const std::int64_t start = floor_div(local, ms_per_day);
        std::int64_t day = move_months(start, sign * duration.months) + sign * duration.days;
        if (duration.working_days != 0) {
            SILLAGE_TRY(day, move_working_days(calendar, day, duration.working_days, sign));
        }
        if (day < first_day || day > last_day) {
            return out_of_range();
        }
        at = zone_of(calendar).instant_of(day * ms_per_day + (local - start * ms_per_day));
    }
    at = at + Duration{sign * duration.exact.milliseconds};
    if (!is_in_range(at)) {
        return out_of_range();
    }
    return at;
}

}  // namespace

Result<Instant> add(const WorkCalendar& calendar, Instant from, const CalendarDuration& duration) {
    return move(calendar, from, duration, 1);
}

Result<Instant> subtract(const WorkCalendar& calendar, Instant to,
                         const CalendarDuration& duration) {
    return move(calendar, to, duration, -1);
}

}  // namespace sillage
