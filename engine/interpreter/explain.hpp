#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

namespace sillage {

enum class Verdict { enabled, refused, preempted, not_reached };

/// What `by` asked of the actor.
struct RoleVerdict {
    /// As in the file; the declared roles when the transition names none, `system` for an event
    /// that the engine alone sends.
    std::vector<std::string> asked = {};
    std::vector<std::string> held = {};
    bool ok = false;

    bool operator==(const RoleVerdict&) const = default;
};

/// What the form asked of the event's data; without a form the data must be empty.
struct FormVerdict {
    bool ok = false;
    std::vector<Reason> problems = {};

    bool operator==(const FormVerdict&) const = default;
};

/// What one clause of a guard said.
struct ClauseVerdict {
    std::string check = {};
    /// Nothing when it cannot be evaluated: `error` says why.
    std::optional<bool> ok = {};
    std::string error = {};
    /// By path, what it read.
    boost::json::object values = {};
    /// Why not, in the reader's language; empty when it holds.
    std::string sentence = {};

    bool operator==(const ClauseVerdict&) const = default;
};

/// All that was asked of one candidate.
struct Verdicts {
    /// Nothing for an event of the engine: role and form are not asked.
    std::optional<RoleVerdict> role = {};
    std::optional<FormVerdict> form = {};
    /// Of each clause, in file order. While the data is not what the form asks for, they are judged
    /// with the data as it came.
    std::vector<ClauseVerdict> guard = {};

    bool operator==(const Verdicts&) const = default;
};

/// One transition that was considered for an event, and why it is or is not taken.
struct Candidate {
    TransitionIndex transition = 0;
    Verdict verdict = Verdict::refused;
    /// What it asked for and did not get, in the order role, form, guard; empty when enabled.
    std::vector<Reason> reasons = {};
    /// For preempted: the transition that won. For not_reached: the one that was taken first.
    std::optional<TransitionIndex> by = {};
    /// Filled by explain() alone.
    Verdicts verdicts = {};
};

/// Why an event would be taken or refused.
struct Explanation {
    /// In the order in which selection considers them.
    std::vector<Candidate> candidates = {};
    bool accepted = false;
    /// Of a refusal, the decisive one first (state < role < form < guard; ties: first considered);
    /// empty when accepted.
    std::vector<Reason> reasons = {};
};

/// Walks the same candidates as step; writes nothing.
[[nodiscard]] Explanation explain(const Definition& definition, const Snapshot& before,
                                  const Input& input);

/// An event that the workflow knows here: named in `on` of an active state or an ancestor.
struct Offer {
    std::string event = {};
    /// The title of the first candidate the actor may take, in the reader's language; the event's
    /// name when it has none.
    std::string title = {};
    /// Some candidate's role and guard hold. What depends on the event's data is not asked.
    bool allowed = false;
    /// Of the first candidate the actor may take; null when it asks for no data.
    const std::vector<Field>* form = nullptr;
    /// When candidates' forms differ: all of them, in order.
    std::vector<const std::vector<Field>*> forms = {};
    std::vector<Reason> blockers = {};
};

/// All offers, in document order of their first transition. `input.event` is ignored.
[[nodiscard]] std::vector<Offer> offers(const Definition& definition, const Snapshot& before,
                                        const Input& input);

}  // namespace sillage
