#pragma once

#include <string>
#include <string_view>

#include "engine/base/language.hpp"
#include "engine/calendar/calendar.hpp"

namespace sillage {

/// A number as readers of that language write it. Ex. `2,400,000` for `en`, `2 400 000` for `fr`.
[[nodiscard]] std::string format_number(std::int64_t number, std::string_view language);
[[nodiscard]] std::string format_number(double number, std::string_view language);

/// Day, time and zone as readers of that language write them, in the calendar's zone.
/// Ex. `15 March 2027 at 17:00 CET`.
[[nodiscard]] std::string format_instant(const WorkCalendar& calendar, Instant at,
                                         std::string_view language);

/// The day alone, in the calendar's zone. Ex. `15 March 2027`.
[[nodiscard]] std::string format_day(const WorkCalendar& calendar, Instant at,
                                     std::string_view language);

}  // namespace sillage
