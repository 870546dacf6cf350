#pragma once

#include "engine/base/result.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// Microsteps that one macrostep may take (language.md, section 7).
inline constexpr std::size_t microsteps_max = 1'000;
/// Steps that undelayed sends may add to one request (language.md, section 7).
inline constexpr std::size_t queued_steps_max = 1'000;
/// Internal events that one macrostep may process. Chosen: ten a microstep.
inline constexpr std::size_t internal_events_max = 10'000;
/// Actions that one macrostep may execute, loops included. Chosen: as many as an expression's
/// steps; a list is never longer than what an expression may build.
inline constexpr std::size_t actions_max = 100'000;
/// Timers that an instance may have pending. Chosen: as many as queued sends.
inline constexpr std::size_t timers_max = 1'000;
/// Children that an instance may have at once. Chosen: a fifth of the steps that a request may
/// take, so that all may start, act and end in one.
inline constexpr std::size_t children_max = 200;
/// Event names, besides those the definition spells out, that `last()` remembers. Chosen: `*`
/// admits any name, and a snapshot may not grow without end.
inline constexpr std::size_t last_names_max = 1'000;

/// A passed limit or a broken contract: the macrostep is undone and an incident written.
[[nodiscard]] inline bool is_incident(const Error& error) {
    return error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::contract_broken;
}

/// The data of an `error.communication`: nobody is there for an event that was sent.
[[nodiscard]] boost::json::object communication_error(std::string_view to, std::string_view event);

/// Enters the initial configuration. `input.event` is `$start` with the caller's context values as
/// data (an object, or null): they replace the defaults.
/// Errors: invalid_argument: a value that does not satisfy its field, `where` its JSON pointer.
///         limit_exceeded, contract_broken: as step.
[[nodiscard]] Result<Step> start(const Definition& definition, const Input& input);

/// Runs one macrostep: from `before`, a stable configuration, to the next stable one.
/// Pure; `input.now` is the only time it knows. Effects are in execution order. A timer event
/// (`origin` timer) takes its timer out of the snapshot, one of `origin` queue the front of the
/// snapshot's queue; these two, and what relatives send, are never refused: without a transition
/// they leave their trace all the same. `$cancel` of origin parent exits everything and tells
/// nobody. While no roles are declared, an account needs none.
/// Errors: event_refused: nothing is enabled; the reasons name every candidate and what it asked
///         for, the one that got furthest first. limit_exceeded: one of the limits above, `where`
///         names it: `microstep_limit`, `send_limit`, …; contract_broken: an `always_true` does
///         not hold; nothing of the step is kept. not_found: no such timer is pending, no such
///         child runs.
/// Source: SCXML 1.0, appendix D, mainEventLoop; our deviations: language.md, section 7.
[[nodiscard]] Result<Step> step(const Definition& definition, const Snapshot& before,
                                const Input& input);

/// The same into a Step whose memory is used again: for callers that take many steps. `out.after`
/// becomes `before` and then what follows from it; it must be another object. After an error
/// `out` holds nothing of worth.
/// Errors: as step, but event_refused without its reasons: explain() gives those.
[[nodiscard]] Result<void> step_into(const Definition& definition, const Snapshot& before,
                                     const Input& input, Step& out);

/// The input that runs the front of the queue; nothing when it is empty.
[[nodiscard]] std::optional<Input> queued_input(const Snapshot& before, const Input& cause);

/// The input that fires a timer at its due instant (or `now`, when that is later).
[[nodiscard]] Input timer_input(const Timer& timer, Instant now);

/// The step that records an undone macrostep: sequence and incident change, a failed timer is
/// marked, a queued event dropped, a child that ended noted so, nothing else. `error` is
/// limit_exceeded or contract_broken.
[[nodiscard]] Step record_incident(const Snapshot& before, const Input& input, const Error& error);

/// The step that resolves the open incident: failed timers may fire again.
/// Errors: not_found: none is open with that sequence.
[[nodiscard]] Result<Step> resolve_incident(const Snapshot& before, const Input& input,
                                            std::uint64_t incident_sequence);

}  // namespace sillage
