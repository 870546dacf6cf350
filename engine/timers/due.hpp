#pragma once

#include <vector>

#include "engine/model/snapshot.hpp"

namespace sillage {

/// Whether `a` fires before `b`: by due time, then start, then document order of their states, then
/// the order in which they were started. A strict order over an instance's timers.
[[nodiscard]] bool fires_before(const Timer& a, const Timer& b);

/// The pending timer that fires next, however far away; null: none. Timers that failed wait for
/// their incident to be resolved and do not count.
[[nodiscard]] const Timer* next_timer(const Snapshot& snapshot);

/// The timers due at or before `until`, in firing order; failed ones left out. Firing one may
/// cancel or start others: whoever fires asks again after each.
[[nodiscard]] std::vector<Timer> due_timers(const Snapshot& snapshot, Instant until);

}  // namespace sillage
