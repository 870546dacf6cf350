#pragma once

// A macrostep while it runs. Select, exit, run, enter and settle each have a file; they all work
// on one Machine, whose snapshot becomes the step's when nothing aborted it.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/interpreter/detail/event_queue.hpp"
#include "engine/interpreter/detail/moment.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/model/tree.hpp"

namespace sillage {

/// A transition that selection enabled.
struct Selected {
    TransitionIndex transition = 0;
    /// As of Considered.
    const std::vector<Field>* form = nullptr;
    std::optional<boost::json::value> data = {};
};
/// In selection order. Four, on the stack: regions seldom all move at once.
using SelectedSet = boost::container::small_vector<Selected, 4>;

[[nodiscard]] boost::container::small_vector<TransitionIndex, 4> transitions_of(
    const SelectedSet& enabled);

/// Where a transition that was selected alone leads, if no history state has a say in it; else
/// null.
[[nodiscard]] const Route* fixed_route(const Definition& definition, const SelectedSet& enabled);

/// All memory that outlives the macrostep is the Step's, so that a caller may use one Step again
/// and again.
struct Machine {
    const Definition& definition;
    const Input& input;
    Snapshot& snapshot;
    Trace& trace;
    std::vector<Effect>& effects;
    CurrentEvent event = {};
    EventQueue internal_events = {};
    /// Loop variables of the running foreach bodies, by slot; empty before the first loop.
    std::vector<Value> loop_values = {};
    std::size_t microsteps = 0;
    std::size_t internal_event_count = 0;
    std::size_t action_count = 0;
    /// Eventless transitions whose guard has failed since the last microstep: each is reported
    /// once, or a guard that fails would keep the queue busy for ever.
    boost::container::small_vector<TransitionIndex, 4> failed_eventless = {};
    /// States entered in this macrostep, and not exited since, whose invokes are to be started.
    StateSet to_invoke = {};
    /// The event was a timer's for a relative: it is sent on, not processed.
    bool is_sent_on = false;
    /// A top-level final state is not yet reached.
    bool running = true;
    std::optional<StateIndex> final_state = {};
    /// A limit was passed or a contract broken: nothing of the step is kept.
    std::optional<Error> aborted = {};
};

/// What expressions of `machine` see now: the event as it came.
[[nodiscard]] Moment moment_of(const Machine& machine);

/// Puts an event on the internal queue.
void raise(Machine& machine, Name event, boost::json::value data,
           EventDetail detail = {.type = EventType::internal});
/// Notes a failed guard or block and raises `error.execution`; `send_id`: of the send that failed.
void fail(Machine& machine, FailedBlock failure, std::string send_id = {});
void fail(Machine& machine, const Error& error, Place place);
/// Notes an effect, in the trace's order too.
template <class Kind>
void cause(Machine& machine, Kind effect) {
    machine.trace.emplace_back(CausedEffect{.effect = machine.effects.size()});
    machine.effects.emplace_back(std::move(effect));
}
/// Sets a loop variable for the expressions that follow.
void set_loop_value(Machine& machine, std::size_t slot, Value value);
/// Ends the macrostep with a limit_exceeded; `limit` names it. Ex. `microstep_limit`.
void abort_step(Machine& machine, std::string limit, std::string message);

/// select: SCXML's selectTransitions and selectEventlessTransitions. A guard that fails raises
/// `error.execution`.
[[nodiscard]] SelectedSet select_transitions(Machine& machine, Trigger trigger);

/// exit: records history, then leaves states in reverse document order.
void exit_states(Machine& machine, const SelectedSet& enabled);
/// Leaves everything, the instance having ended. Source: SCXML's exitInterpreter.
void exit_interpreter(Machine& machine);

/// run: a block of actions, abandoned from the first that fails.
void run_block(Machine& machine, const Block& block);
/// The actions of a transition, which see the event's data as its form declares it.
void run_transition(Machine& machine, const Selected& selected);
/// One assign: all values against the context before, then all set, or none.
[[nodiscard]] Result<void> assign(Machine& machine, const Moment& moment, const Assign& action);

/// enter: the states that the transitions lead to, ancestors first.
void enter_states(Machine& machine, const SelectedSet& enabled);
/// The first entry: the root and its initial states.
void enter_initial(Machine& machine);

/// timers: those of a state, from its entry to its exit. `resumes`: entered through history.
void start_timers(Machine& machine, StateIndex state, bool resumes);
void stop_timers(Machine& machine, StateIndex state);
void start_timer(Machine& machine, Timer timer);
/// Cancels the timers that satisfy `is_meant`, which asks for anything but the event.
template <class IsMeant>
void cancel_timers(Machine& machine, const IsMeant& is_meant) {
    auto& timers = machine.snapshot.timers;
    auto kept_end = timers.begin();
    for (Timer& timer : timers) {
        if (is_meant(timer)) {
            cause(machine, CancelTimer{.id = timer.id, .event = std::move(timer.event)});
        } else {
            if (&timer != &*kept_end) {
                *kept_end = std::move(timer);
            }
            ++kept_end;
        }
    }
    timers.erase(kept_end, timers.end());
}
[[nodiscard]] Result<void> extend(Machine& machine, const Moment& moment, const Extend& action);
/// A deadline's timer is due: its state is overdue, and somebody may have to hear of it.
void expire_deadline(Machine& machine, StateIndex state);

/// settle: eventless transitions, then internal events, until neither enables anything; then the
/// contracts are judged, or everything is left.
void microstep(Machine& machine, const SelectedSet& enabled);
void settle(Machine& machine);

}  // namespace sillage
