#include "engine/interpreter/detail/candidates.hpp"

#include <algorithm>

#include "engine/interpreter/detail/reasons.hpp"
#include "engine/model/event_name.hpp"
#include "engine/model/index.hpp"
#include "engine/model/tree.hpp"
#include "engine/schema/check.hpp"

namespace sillage {
namespace {

bool reads_event_data(const Expression& expression) {
    return std::ranges::any_of(expression.reads, [](const std::string& path) {
        return path == "event" || path == "event.data" || path.starts_with("event.data.");
    });
}

/// All clauses are judged, so that every one that does not hold is named; but only the first that
/// is not true decides, and only that one may raise an error.
void judge_guard(const Moment& moment, const Transition& transition, const Question& question,
                 Considered& considered) {
    const bool is_strict = moment.asks_account && names_principals(moment);
    for (const GuardClause& clause : transition.guard) {
        if (!question.data && reads_event_data(clause.check)) {
            continue;
        }
        const Moment view = is_strict ? strictest_view(moment, clause.check) : moment;
        const Result<bool> answer = holds(view, clause.check);
        if (answer && answer.value()) {
            continue;
        }
        const bool first = considered.verdict == Verdict::enabled;
        considered.verdict = Verdict::refused;
        if (!answer && first) {
            considered.failure =
                FailedBlock{.message = answer.error().message, .place = clause.check.place};
        }
        if (question.reasons && (answer || first)) {
            const std::string failure = answer ? std::string() : answer.error().message;
            considered.reasons.push_back(guard_reason(view, clause, failure));
        }
        if (!question.reasons) {
            return;
        }
    }
}

/// Whether the data is what the form asks for; then it is stored as the form stores it.
bool judge_form(const Moment& moment, const Transition& transition, const Question& question,
                Considered& considered) {
    if (transition.form && moment.event_data.is_object() &&
        is_as_stored(moment.event_data.get_object(), *transition.form)) {
        considered.form = &*transition.form;
        return true;
    }
    if (!transition.form && moment.event_data.is_null()) {
        return true;
    }
    std::vector<Reason> reasons = form_reasons(moment, transition);
    if (!reasons.empty()) {
        considered.verdict = Verdict::refused;
        if (question.reasons) {
            considered.reasons = std::move(reasons);
        }
        return false;
    }
    if (transition.form) {
        const auto* object = moment.event_data.if_object();
        considered.form = &*transition.form;
        considered.data =
            normalise_fields(object == nullptr ? boost::json::object{} : *object, *transition.form);
    }
    return true;
}

bool judge_role(const Moment& moment, const Transition& transition, const Question& question,
                Considered& considered) {
    const bool reserved =
        moment.known == nullptr ? is_reserved_event(moment.event) : moment.known->is_reserved;
    if (!reserved && may_act(moment, transition)) {
        return true;
    }
    considered.verdict = Verdict::refused;
    if (question.reasons) {
        considered.reasons.push_back(reserved ? reserved_reason(moment)
                                              : role_reason(moment, transition));
    }
    return false;
}

/// Asks role, form and guard, in this order, until one refuses.
void ask(const Moment& moment, const Transition& transition, const Question& question,
         Considered& considered) {
    if (moment.asks_account && !judge_role(moment, transition, question, considered)) {
        return;
    }
    const bool asks_form = moment.definition.dialect == Dialect::workflow;
    if (moment.asks_account && question.data && asks_form &&
        !judge_form(moment, transition, question, considered)) {
        return;
    }
    if (considered.form != nullptr) {
        const auto& data = considered.data ? *considered.data : moment.event_data;
        judge_guard(with_data(moment, data, considered.form), transition, question, considered);
    } else {
        judge_guard(moment, transition, question, considered);
    }
}

void judge(const Moment& moment, const Question& question, Considered& considered) {
    const Transition& transition = moment.definition.transitions[considered.transition];
    considered.verdict = Verdict::enabled;
    ask(moment, transition, question, considered);
    for (Reason& reason : considered.reasons) {
        reason.state = moment.definition.state(transition.source).id;
    }
}

/// The transitions that may be meant: those of the event, or the eventless ones. Null: the event
/// is none that the definition mentions.
const KnownEvent* known_event(const Moment& moment, Trigger trigger) {
    const Index& index = *moment.definition.index;
    if (trigger == Trigger::eventless) {
        return &index.eventless;
    }
    return moment.known == nullptr ? index.find_event(moment.event) : moment.known;
}

/// What may be taken now: by an event, or eventless; null: an event the definition does not
/// mention.
struct Search {
    const Moment& moment;
    Trigger trigger;
    const KnownEvent* known;
};

/// Calls `visit` for the transitions of one atomic state and its ancestors that the trigger may
/// take, in the order of consideration.
template <class Visit>
void walk_up(const Search& search, StateIndex atomic, const Visit& visit) {
    const auto& [moment, trigger, known] = search;
    const Definition& definition = moment.definition;
    if (known != nullptr && !known->is_walked) {
        for (const TransitionIndex index : known->candidates) {
            const StateIndex source = definition.transitions[index].source;
            if (source == atomic || definition.is_descendant(atomic, source)) {
                visit(index);
            }
        }
        return;
    }
    for (StateIndex state = atomic;; state = definition.state(state).parent) {
        for (const TransitionIndex index : definition.state(state).transitions) {
            const Transition& transition = definition.transitions[index];
            if (trigger == Trigger::eventless ? transition.trigger == trigger
                                              : matches(definition, transition, moment.event)) {
                visit(index);
            }
        }
        if (state == root_state) {
            return;
        }
    }
}

/// The consideration as it grows, atomic state by atomic state.
struct Walk {
    const Moment& moment;
    const Question& question;
    Consideration& found;

    /// Where the candidate stands in the list, judged unless `winner` stands before it.
    std::size_t visit(TransitionIndex index, const std::optional<TransitionIndex>& winner) {
        auto& list = found.candidates;
        const auto known = std::ranges::find(
            list, index, [](const Considered& considered) { return considered.transition; });
        if (known != list.end() && (winner || known->verdict != Verdict::not_reached)) {
            return static_cast<std::size_t>(known - list.begin());
        }
        Considered& considered = known == list.end() ? list.emplace_back() : *known;
        considered.transition = index;
        if (winner) {
            considered.verdict = Verdict::not_reached;
            considered.by = winner;
        } else {
            considered.by = std::nullopt;
            judge(moment, question, considered);
        }
        return static_cast<std::size_t>(&considered - list.data());
    }

    /// The first enabled transition of one atomic state and its ancestors joins the selection.
    void consider(const KnownEvent* event, StateIndex atomic) {
        std::optional<TransitionIndex> winner;
        walk_up({moment, question.trigger, event}, atomic, [&](TransitionIndex index) {
            if (winner && !question.reasons) {
                return;  // nobody asks what was not reached
            }
            if (!is_told_of(moment, moment.definition.transitions[index])) {
                return;  // nor would it be enabled
            }
            const std::size_t at = visit(index, winner);
            const bool wins = !winner && found.candidates[at].verdict == Verdict::enabled;
            if (wins && std::ranges::find(found.selected, at) == found.selected.end()) {
                found.selected.push_back(at);
            }
            if (wins && !question.all) {
                winner = index;
            }
        });
    }
};

bool intersect(const StateSet& a, const std::vector<StateIndex>& b) {
    return std::ranges::any_of(a, [&](StateIndex state) { return contains_state(b, state); });
}

/// Source: SCXML 1.0, appendix D, removeConflictingTransitions.
void remove_conflicting_transitions(const Moment& moment, Consideration& found) {
    struct Kept {
        std::size_t at = 0;
        std::vector<StateIndex> exits = {};
    };
    const auto transition_at = [&](std::size_t at) -> const Transition& {
        return moment.definition.transitions[found.candidates[at].transition];
    };
    const auto preempt = [&](std::size_t loser, std::size_t winner) {
        Considered& preempted = found.candidates[loser];
        preempted.verdict = Verdict::preempted;
        preempted.by = found.candidates[winner].transition;
    };
    std::vector<Kept> filtered;
    for (const std::size_t at : found.selected) {
        const TransitionIndex index = found.candidates[at].transition;
        const StateSet exits =
            compute_exit_set(moment.definition, moment.snapshot, std::span(&index, 1));
        std::vector<std::size_t> to_remove;
        bool preempted = false;
        for (const Kept& other : filtered) {
            if (!intersect(exits, other.exits)) {
                continue;
            }
            if (!moment.definition.is_descendant(transition_at(at).source,
                                                 transition_at(other.at).source)) {
                preempt(at, other.at);
                preempted = true;
                break;
            }
            to_remove.push_back(other.at);
        }
        if (preempted) {
            continue;
        }
        for (const std::size_t removed : to_remove) {
            preempt(removed, at);
            std::erase_if(filtered, [&](const Kept& kept) { return kept.at == removed; });
        }
        filtered.push_back({.at = at, .exits = {exits.begin(), exits.end()}});
    }
    found.selected.clear();
    for (const Kept& kept : filtered) {
        found.selected.push_back(kept.at);
    }
}

}  // namespace

bool may_act(const Moment& moment, const Transition& transition) {
    const std::vector<std::string>& held = moment.input.actor.roles;
    const auto is_held = [&](const std::string& role) {
        return role != "system" && std::ranges::find(held, role) != held.end();
    };
    if (!transition.by.empty()) {
        return std::ranges::any_of(transition.by, is_held);
    }
    const std::vector<Role>& roles = moment.definition.roles;
    return roles.empty() || std::ranges::any_of(roles, is_held, &Role::name);
}

bool is_told_of(const Moment& moment, const Transition& transition) {
    return moment.input.audience == Audience::staff || !moment.asks_account ||
           !is_concealed(moment.definition, transition.source) || may_act(moment, transition);
}

Consideration consider(const Moment& moment, const Question& question) {
    Consideration found;
    const KnownEvent* known = known_event(moment, question.trigger);
    if (known != nullptr && known->candidates.empty() && !known->is_walked) {
        return found;
    }
    // An account's event has a name as language.md, section 2 has them; `*` means all of those.
    if (moment.asks_account && moment.definition.dialect == Dialect::workflow &&
        !(known == nullptr ? is_event_name(moment.event) : known->is_event_name)) {
        return found;
    }
    Walk walk{.moment = moment, .question = question, .found = found};
    for (const StateIndex state : moment.snapshot.configuration) {
        if (is_atomic(moment.definition.state(state))) {
            walk.consider(known, state);
        }
    }
    if (!question.all && found.selected.size() > 1) {
        remove_conflicting_transitions(moment, found);
    }
    return found;
}

}  // namespace sillage
