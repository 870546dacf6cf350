#pragma once

#include <string>
#include <string_view>

#include "engine/model/calendar.hpp"
#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// The last part of `after.<state id>.<ISO duration>`: as the file writes it when that is ISO 8601,
/// else as to_iso. Ex. `P1Y2M` stays, `14 days` is `P14D`.
[[nodiscard]] std::string iso_name(const CalendarDuration& duration, std::string_view written);

/// A descriptor under `on`. One of a timer gets the name that its `after` has, however its length
/// is written; one that names a state or a child that is not there, or that never ends, is warned
/// of.
[[nodiscard]] std::string resolve_engine_event(Reading& reading, const Node& key);

/// Warns of each `last('…')` whose event no transition waits for: it is always null. All
/// transitions are read.
void check_asked_events(Reading& reading);

}  // namespace sillage
