#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/model/expression.hpp"

namespace sillage {

/// The rules of one IANA time zone; what they are, only `engine/calendar` knows.
class Zone;

/// Where a definition's days begin and which of them are worked.
struct WorkCalendar {
    /// IANA name. Ex. `Europe/Paris`.
    std::string timezone = "UTC";
    /// Loaded when the definition is read; null only for a WorkCalendar that nobody loaded.
    std::shared_ptr<const Zone> zone = nullptr;
    /// Monday first; true: not worked.
    std::array<bool, 7> weekend = {false, false, false, false, false, true, true};
    /// Sorted.
    std::vector<CivilDate> holidays = {};

    bool operator==(const WorkCalendar& other) const {
        return timezone == other.timezone && weekend == other.weekend && holidays == other.holidays;
    }
};

/// A length of time as people say it. Months, days and working days depend on the calendar and
/// the zone; `exact` does not. All parts may stand together (ISO 8601 `P1Y2M10DT2H`), except
/// working days, which stand alone. Never negative.
struct CalendarDuration {
    std::int64_t months = 0;  ///< years are twelve
    std::int64_t days = 0;    ///< weeks are seven
    std::int64_t working_days = 0;
    Duration exact = {};

    bool operator==(const CalendarDuration&) const = default;
};

/// A duration as a definition gives it: known when read, or computed (`${expr}`).
using Delay = std::variant<CalendarDuration, Expression>;

}  // namespace sillage
