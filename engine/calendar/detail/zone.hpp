#pragma once

#include <unicode/basictz.h>

#include <memory>
#include <vector>

#include "engine/calendar/calendar.hpp"

namespace sillage {

inline constexpr std::int64_t ms_per_day = 86'400'000;

/// An offset from UTC and since when it is in force.
struct OffsetChange {
    std::int64_t at_ms;     ///< the instant of the change
    std::int64_t local_ms;  ///< the first time on the clocks that is read with this offset
    std::int64_t offset_ms;
};

/// The rules of a zone, as ICU has them. Its changes from 1970 to 2100 are listed when it is
/// loaded, since ICU takes microseconds for what a search in the list tells in nanoseconds; for
/// times outside of those years ICU itself is asked.
class Zone {
  public:
    explicit Zone(std::unique_ptr<icu::BasicTimeZone> rules);

    [[nodiscard]] const icu::BasicTimeZone& rules() const { return *rules_; }
    /// The listed ones, in order; empty when they were too many to list.
    [[nodiscard]] const std::vector<OffsetChange>& changes() const { return changes_; }
    [[nodiscard]] std::int64_t offset_ms(Instant at) const;
    /// The instant at which clocks show `local_ms` (milliseconds since 1970-01-01T00:00 on them):
    /// in a gap it moves forward by the gap, of a repeated time it is the first.
    [[nodiscard]] Instant instant_of(std::int64_t local_ms) const;

  private:
    std::unique_ptr<icu::BasicTimeZone> rules_;
    std::vector<OffsetChange> changes_;  ///< ascending in both times; the first begins 1970
};

/// The calendar's zone; UTC for a calendar that nobody loaded.
[[nodiscard]] const Zone& zone_of(const WorkCalendar& calendar);

/// What clocks in the calendar's zone show.
[[nodiscard]] std::int64_t local_ms(const WorkCalendar& calendar, Instant at);

/// The day that clocks in the calendar's zone show, as days since 1970-01-01.
[[nodiscard]] std::int64_t local_day(const WorkCalendar& calendar, Instant at);

/// Worked days d with begin <= d < end, both as days since 1970-01-01; 0 when end <= begin.
[[nodiscard]] std::int64_t worked_days(const WorkCalendar& calendar, std::int64_t begin,
                                       std::int64_t end);

/// Division that rounds down, for instants before 1970.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace sillage
