#include "engine/timers/due.hpp"

#include <algorithm>
#include <tuple>

namespace sillage {

bool fires_before(const Timer& a, const Timer& b) {
    return std::tie(a.due, a.started, a.state, a.id) < std::tie(b.due, b.started, b.state, b.id);
}

const Timer* next_timer(const Snapshot& snapshot) {
    const Timer* next = nullptr;
    for (const Timer& timer : snapshot.timers) {
        if (!timer.failed && (next == nullptr || fires_before(timer, *next))) {
            next = &timer;
        }
    }
    return next;
}

std::vector<Timer> due_timers(const Snapshot& snapshot, Instant until) {
    std::vector<Timer> due;
    for (const Timer& timer : snapshot.timers) {
        if (!timer.failed && timer.due <= until) {
            due.push_back(timer);
        }
    }
    std::ranges::sort(due, fires_before);
    return due;
}

}  // namespace sillage
