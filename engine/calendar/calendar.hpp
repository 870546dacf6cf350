#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"
#include "engine/model/calendar.hpp"

namespace sillage {

/// Loads the rules of an IANA zone from ICU's bundled data, once, when a definition is read.
/// Errors: invalid_argument: no such zone, naming the nearest one.
[[nodiscard]] Result<std::shared_ptr<const Zone>> load_zone(std::string_view name);

/// Seconds east of UTC in force at that instant.
[[nodiscard]] std::int64_t offset_seconds(const Zone& zone, Instant at);
/// The same of a zone that is asked for once, by an expression that runs: nothing is loaded, and
/// no nearest name is sought, which takes milliseconds. Errors: invalid_argument: no such zone.
[[nodiscard]] Result<std::int64_t> offset_seconds(std::string_view zone, Instant at);

/// 00:00 of a day in the calendar's zone; in a clock-change gap the instant after it.
[[nodiscard]] Instant start_of_day(const WorkCalendar& calendar, CivilDate date);

/// Reads a duration: `14 days`, `14d`, `2 weeks`, `6 months`, `1 year`, `36h`, `15 min`, `10s`,
/// `500ms`, `10 working days`, or ISO 8601 `P14D`, `PT36H`.
/// Errors: invalid_argument: another form, or longer than 1,000 years.
[[nodiscard]] Result<CalendarDuration> parse_duration(std::string_view text);

/// Reads a time of CSS, as SCXML has it: `1s`, `.5s`, `1.5s`, `500ms`; digits of a millisecond are
/// dropped. Nothing for another form, or more than 1,000 years.
[[nodiscard]] std::optional<Duration> parse_css_time(std::string_view text);

/// ISO 8601, the shortest: `P14D`, `P2W` as `P14D`, `PT36H`, `P6M`, `PT0.5S`; `N working days` as
/// `PNWD` (ours: ISO has none). 90 minutes are `PT1H30M`, 18 months `P18M`.
[[nodiscard]] std::string to_iso(const CalendarDuration& duration);

/// The instant that lies the duration after `from`: calendar parts keep the wall-clock time, the
/// day clipped to the month's end; a time in a gap moves forward, a repeated one is the first;
/// `exact` is added last. Errors: invalid_argument: past the year 9999.
[[nodiscard]] Result<Instant> add(const WorkCalendar& calendar, Instant from,
                                  const CalendarDuration& duration);

/// The instant that lies it before `to`: for reminders.
[[nodiscard]] Result<Instant> subtract(const WorkCalendar& calendar, Instant to,
                                       const CalendarDuration& duration);

/// Whole calendar days from `a` to `b` in the calendar's zone, end exclusive; negative when b < a.
[[nodiscard]] std::int64_t days_between(const WorkCalendar& calendar, Instant a, Instant b);

/// Worked days among them: those d with a's day <= d < b's day.
[[nodiscard]] std::int64_t working_days_between(const WorkCalendar& calendar, Instant a, Instant b);

}  // namespace sillage
