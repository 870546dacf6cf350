#pragma once

#include "engine/base/result.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// Microsteps that one macrostep may take (language.md, section 7).
inline constexpr std::size_t microsteps_max = 1'000;
/// Steps that undelayed sends may add to one request (language.md, section 7).
inline constexpr std::size_t queued_steps_max = 1'000;

/// Enters the initial configuration. `input.event` is `$start` with the caller's context values as
/// data (an object, or null): they replace the defaults.
/// Errors: invalid_argument: a value that does not satisfy its field, `where` its JSON pointer.
///         limit_exceeded, contract_broken: as step.
[[nodiscard]] Result<Step> start(const Definition& definition, const Input& input);

/// Runs one macrostep: from `before`, a stable configuration, to the next stable one.
/// Pure; `input.now` is the only time it knows. Effects are in execution order. A timer event
/// (`origin` timer) takes its timer out of the snapshot and is never refused: without a transition
/// it leaves its trace all the same. `origin` queue takes the front of the snapshot's queue.
/// Errors: event_refused: nothing is enabled; the reasons name every candidate and what it asked
///         for, the one that got furthest first. limit_exceeded: more than microsteps_max;
///         contract_broken: an `always_true` does not hold; nothing of the step is kept.
/// Source: SCXML 1.0, appendix D, mainEventLoop; our deviations: language.md, section 7.
[[nodiscard]] Result<Step> step(const Definition& definition, const Snapshot& before,
                                const Input& input);

/// The input that runs the front of the queue; nothing when it is empty.
[[nodiscard]] std::optional<Input> queued_input(const Snapshot& before, const Input& cause);

/// The input that fires a timer at its due instant (or `now`, when that is later).
[[nodiscard]] Input timer_input(const Timer& timer, Instant now);

/// The step that records an undone macrostep: sequence and incident change, a failed timer is
/// marked, nothing else. `error` is limit_exceeded or contract_broken.
[[nodiscard]] Step record_incident(const Snapshot& before, const Input& input, const Error& error);

/// The step that resolves the open incident: failed timers may fire again.
/// Errors: not_found: none is open with that sequence.
[[nodiscard]] Result<Step> resolve_incident(const Snapshot& before, const Input& input,
                                            std::uint64_t incident_sequence);

}  // namespace sillage
