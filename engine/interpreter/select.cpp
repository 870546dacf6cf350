#include "engine/interpreter/detail/candidates.hpp"
#include "engine/interpreter/detail/machine.hpp"

namespace sillage {

std::vector<Selected> select_transitions(Machine& machine, Trigger trigger) {
    Moment moment = moment_of(machine);
    moment.asks_account = trigger == Trigger::event && machine.event.from_account;
    Consideration found = consider(moment, {.trigger = trigger});
    for (const Considered& considered : found.candidates) {
        const bool reported =
            trigger == Trigger::eventless && considered.failure &&
            !machine.failed_eventless.insert(considered.candidate.transition).second;
        if (considered.failure && !reported) {
            fail(machine, *considered.failure);
        }
    }
    std::vector<Selected> enabled;
    for (const std::size_t at : found.selected) {
        Considered& considered = found.candidates[at];
        enabled.push_back(
            {.transition = considered.candidate.transition, .data = std::move(considered.data)});
    }
    return enabled;
}

}  // namespace sillage
