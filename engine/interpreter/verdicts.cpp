#include "engine/interpreter/detail/verdicts.hpp"

#include "engine/interpreter/detail/candidates.hpp"
#include "engine/interpreter/detail/reasons.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/schema/check.hpp"

namespace sillage {
namespace {

RoleVerdict role_verdict(const Moment& moment, const Transition& transition) {
    RoleVerdict verdict{.asked = transition.by, .held = moment.input.actor.roles};
    if (is_reserved_event(moment.event)) {
        verdict.asked = {"system"};
        return verdict;
    }
    if (verdict.asked.empty()) {
        for (const Role& role : moment.definition.roles) {
            verdict.asked.push_back(role.name);
        }
    }
    verdict.ok = may_act(moment, transition);
    return verdict;
}

ClauseVerdict clause_verdict(const Moment& now, const GuardClause& clause) {
    const Moment moment = now.asks_account ? strictest_view(now, clause.check) : now;
    ClauseVerdict verdict{.check = clause.check.text, .values = values_read(moment, clause.check)};
    const Result<bool> answer = holds(moment, clause.check);
    if (answer) {
        verdict.ok = answer.value();
    } else {
        verdict.error =
            is_withheld(moment, clause.check) ? "It cannot be judged." : answer.error().message;
    }
    if (verdict.ok != true) {
        verdict.sentence = guard_reason(moment, clause, answer ? "" : verdict.error).message;
    }
    return verdict;
}

/// What a rule says of values that are not for the actor, only who may take the transition learns.
ClauseVerdict withheld_verdict(const GuardClause& clause) {
    return {.check = clause.check.text, .error = "It reads what is not for your roles."};
}

std::vector<ClauseVerdict> guard_verdicts(const Moment& moment, const Transition& transition) {
    const bool acts = !moment.asks_account || may_act(moment, transition);
    std::vector<ClauseVerdict> verdicts;
    for (const GuardClause& clause : transition.guard) {
        verdicts.push_back(acts || !is_withheld(moment, clause.check)
                               ? clause_verdict(moment, clause)
                               : withheld_verdict(clause));
    }
    return verdicts;
}

}  // namespace

Verdicts verdicts_of(const Moment& moment, const Transition& transition) {
    if (!moment.asks_account) {
        return {.guard = guard_verdicts(moment, transition)};
    }
    Verdicts verdicts{.role = role_verdict(moment, transition)};
    std::vector<Reason> problems = form_reasons(moment, transition);
    for (Reason& problem : problems) {
        problem.state = moment.definition.state(transition.source).id;
    }
    const bool is_met = problems.empty();
    verdicts.form = FormVerdict{.ok = is_met, .problems = std::move(problems)};
    if (!is_met || !transition.form) {
        verdicts.guard = guard_verdicts(moment, transition);
        return verdicts;
    }
    const auto* object = moment.event_data.if_object();
    const boost::json::value data =
        normalise_fields(object == nullptr ? boost::json::object{} : *object, *transition.form);
    verdicts.guard = guard_verdicts(with_data(moment, data, &*transition.form), transition);
    return verdicts;
}

}  // namespace sillage
