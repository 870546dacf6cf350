#include "server/routes/explanation_json.hpp"

#include "engine/interpreter/status.hpp"
#include "server/http/problem.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::enabled:
            return "enabled";
        case Verdict::refused:
            return "refused";
        case Verdict::preempted:
            return "preempted";
        case Verdict::not_reached:
            return "not_reached";
    }
    return "refused";
}

json::value role_json(const std::optional<RoleVerdict>& role) {
    if (!role) {
        return nullptr;
    }
    return json::object{{"asked", json::array(role->asked.begin(), role->asked.end())},
                        {"held", json::array(role->held.begin(), role->held.end())},
                        {"ok", role->ok}};
}

json::value form_json(const std::optional<FormVerdict>& form) {
    if (!form) {
        return nullptr;
    }
    return json::object{{"ok", form->ok},
                        {"problems", blockers_json(Error{.reasons = form->problems})}};
}

json::object clause_json(const ClauseVerdict& clause) {
    return {{"check", clause.check},
            {"ok", clause.ok ? json::value(*clause.ok) : json::value(nullptr)},
            {"error", clause.error.empty() ? json::value(nullptr) : json::value(clause.error)},
            {"values", clause.values},
            {"sentence",
             clause.sentence.empty() ? json::value(nullptr) : json::value(clause.sentence)}};
}

json::object candidate_json(const Definition& definition, const std::string& event,
                            const Candidate& candidate) {
    json::object object =
        taken_json(definition, {.transition = candidate.transition, .event = event});
    object["verdict"] = name_of(candidate.verdict);
    object["role"] = role_json(candidate.verdicts.role);
    object["form"] = form_json(candidate.verdicts.form);
    json::array guard;
    for (const ClauseVerdict& clause : candidate.verdicts.guard) {
        guard.push_back(clause_json(clause));
    }
    object["guard"] = std::move(guard);
    object["preempted_by"] =
        candidate.by
            ? json::value(taken_json(definition, {.transition = *candidate.by, .event = event}))
            : json::value(nullptr);
    object["reasons"] = blockers_json(Error{.reasons = candidate.reasons});
    return object;
}

}  // namespace

json::object explanation_json(const Definition& definition, const std::string& event,
                              const Explanation& explanation) {
    json::array candidates;
    for (const Candidate& candidate : explanation.candidates) {
        candidates.push_back(candidate_json(definition, event, candidate));
    }
    return {{"event", event},
            {"accepted", explanation.accepted},
            {"candidates", std::move(candidates)},
            {"blockers", blockers_json(Error{.reasons = explanation.reasons})}};
}

}  // namespace sillage::server
