#include <algorithm>

#include "engine/interpreter/detail/candidates.hpp"
#include "engine/interpreter/detail/machine.hpp"

namespace sillage {
namespace {

/// Whether that failure was reported since the last microstep; from now on it was.
bool is_reported(Machine& machine, Trigger trigger, const Considered& considered) {
    if (trigger != Trigger::eventless) {
        return false;
    }
    auto& reported = machine.failed_eventless;
    const TransitionIndex index = considered.transition;
    const bool is_known = std::ranges::find(reported, index) != reported.end();
    if (!is_known) {
        reported.push_back(index);
    }
    return is_known;
}

}  // namespace

SelectedSet select_transitions(Machine& machine, Trigger trigger) {
    Moment moment = moment_of(machine);
    moment.asks_account = trigger == Trigger::event && machine.event.from_account;
    Consideration found = consider(moment, {.trigger = trigger});
    for (const Considered& considered : found.candidates) {
        if (considered.failure && !is_reported(machine, trigger, considered)) {
            fail(machine, *considered.failure);
        }
    }
    SelectedSet enabled;
    for (const std::size_t at : found.selected) {
        Considered& considered = found.candidates[at];
        enabled.push_back({.transition = considered.transition,
                           .form = considered.form,
                           .data = std::move(considered.data)});
    }
    return enabled;
}

}  // namespace sillage
