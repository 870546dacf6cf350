#pragma once

#include <functional>
#include <span>
#include <string>

#include "engine/store/record.hpp"

// What lists show and in which order timers fire, for whoever holds rows in memory.

namespace sillage {

/// Whether a list with that filter shows the instance. `search_of` gives what search_text makes of
/// a company's record, empty for none; asked only when the filter has a `q`.
[[nodiscard]] bool is_selected(
    const InstanceRecord& instance, const InstanceFilter& filter,
    const std::function<std::string(const std::string& company)>& search_of);

/// Whether `a` fires before `b`: by due, started, state, id; by instance for the last doubt.
[[nodiscard]] bool fires_before(const StoredTimer& a, const StoredTimer& b);
[[nodiscard]] bool fires_before(const TimerRow& a, const TimerRow& b);

/// The timer that fires first; null for none.
[[nodiscard]] const StoredTimer* first_of(std::span<const StoredTimer> timers);

}  // namespace sillage
