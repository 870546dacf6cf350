#pragma once

#include <boost/container/small_vector.hpp>
#include <optional>
#include <vector>

#include "engine/interpreter/detail/moment.hpp"
#include "engine/interpreter/explain.hpp"

namespace sillage {

/// What is wanted of a consideration. Selection asks for the least, explain() for reasons, offers()
/// for everything that does not depend on an event's data.
struct Question {
    Trigger trigger = Trigger::event;
    /// Word a Reason for whatever is not met.
    bool reasons = false;
    /// Ask `form`, and guard clauses that read the event's data.
    bool data = true;
    /// Judge also what stands behind an enabled transition.
    bool all = false;
};

/// A candidate, and what taking it would need.
struct Considered {
    TransitionIndex transition = 0;
    Verdict verdict = Verdict::refused;
    /// As of Candidate.
    std::optional<TransitionIndex> by = {};
    std::vector<Reason> reasons = {};
    /// How the event's data is declared, once asked for; null without a form.
    const std::vector<Field>* form = nullptr;
    /// The event's data as the form stores it; nothing when that is as it came.
    std::optional<boost::json::value> data = {};
    /// The guard could not be evaluated.
    Rare<FailedBlock> failure = {};
};

/// Four, on the stack: more than most events have.
using ConsideredList = boost::container::small_vector<Considered, 4>;

struct Consideration {
    /// In the order in which they were first considered, each once.
    ConsideredList candidates = {};
    /// The optimal transition set: positions in `candidates`, in selection order.
    boost::container::small_vector<std::size_t, 4> selected = {};
};

/// Whether the actor holds a role that the transition asks for. Without `by`, any declared role
/// may; while none is declared, everybody. `system` is the engine.
[[nodiscard]] bool may_act(const Moment& moment, const Transition& transition);

/// Whether the actor is told of the transition at all. An outsider is not told of one that leads
/// out of a concealed state, unless a role of its own may take it.
[[nodiscard]] bool is_told_of(const Moment& moment, const Transition& transition);

/// Walks from each active atomic state up to the root and judges the transitions that match; the
/// one code that selection, explain() and offers() share.
/// Source: SCXML 1.0, appendix D, selectTransitions and selectEventlessTransitions.
[[nodiscard]] Consideration consider(const Moment& moment, const Question& question);

}  // namespace sillage
