#include "engine/interpreter/story.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/interpreter/status.hpp"

namespace sillage {
namespace {

std::string id_of(const Definition& definition, StateIndex state) {
    return state == root_state ? "(top)" : definition.state(state).id;
}

/// ` {"a":1}`, or nothing for no data.
std::string data_after(const boost::json::value& data) {
    return data.is_null() ? std::string() : " " + to_json_text(data);
}

/// `SOURCE EVENT -> TARGETS`
std::string arrow(const Definition& definition, TransitionIndex index, const std::string& event) {
    const Transition& transition = definition.transitions[index];
    std::string line = id_of(definition, transition.source) + " " +
                       (event.empty() ? std::string("(always)") : event);
    const char* between = " -> ";
    for (const StateIndex target : transition.targets) {
        line += between + definition.state(target).id;
        between = ", ";
    }
    return line;
}

struct EffectLine {
    const Definition& definition;

    std::string operator()(const StartTimer& effect) const {
        return fmt::format("timer {} due={}", effect.timer.event, to_string(effect.timer.due));
    }
    std::string operator()(const CancelTimer& effect) const {
        return "cancel " + effect.event.text();
    }
    std::string operator()(const Emit& effect) const {
        return fmt::format("emit {}{}", effect.type, data_after(effect.data));
    }
    std::string operator()(const Notify& effect) const {
        const boost::json::object shape = effect_json(definition, effect);
        return fmt::format("notify {} {}", effect.role,
                           std::string_view(shape.at("text").get_string()));
    }
    std::string operator()(const Send& effect) const {
        return fmt::format("{} {}{}{}", effect.forwarded ? "forward" : "send", effect.event,
                           data_after(effect.data),
                           effect.to.empty() ? std::string() : " to=" + effect.to);
    }
    std::string operator()(const Log& effect) const { return "log " + to_json_text(effect.value); }
    std::string operator()(const StartChild& effect) const {
        return fmt::format("invoke {}{}", effect.child.invoke_id, data_after(effect.input));
    }
    std::string operator()(const CancelChild& effect) const {
        return "cancel invoke " + effect.invoke_id;
    }
};

struct TraceLine {
    const Definition& definition;
    const std::vector<Effect>& effects;

    std::string operator()(const TakenTransition& item) const {
        return "take " + arrow(definition, item.transition, item.event.text());
    }
    std::string operator()(const ExitedState& item) const {
        return "exit " + id_of(definition, item.state);
    }
    std::string operator()(const EnteredState& item) const {
        return "enter " + id_of(definition, item.state);
    }
    std::string operator()(const RaisedEvent& item) const {
        return fmt::format("raise {}{}", item.event, data_after(item.data));
    }
    std::string operator()(const AssignedField& item) const {
        return fmt::format("set {} = {}", item.path, to_json_text(item.value));
    }
    std::string operator()(const FailedBlock& item) const { return "fail " + item.message; }
    std::string operator()(const CausedEffect& item) const {
        return std::visit(EffectLine{definition}, effects[item.effect]);
    }
};

std::string verdict_of(const Definition& definition, const Candidate& candidate) {
    const auto other = [&] {
        const Transition& winner = definition.transitions[*candidate.by];
        return id_of(definition, winner.source);
    };
    switch (candidate.verdict) {
        case Verdict::enabled:
            return "enabled";
        case Verdict::refused:
            return "refused";
        case Verdict::preempted:
            return "preempted by one of " + other();
        case Verdict::not_reached:
            return "not reached after one of " + other();
    }
    return "refused";
}

std::string reason_line(const Reason& reason) {
    return fmt::format("{}: {}", name_of(reason.code), reason.message);
}

}  // namespace

std::vector<std::string> tell(const Definition& definition, const Step& step) {
    std::vector<std::string> lines;
    for (const TraceItem& item : step.trace) {
        lines.push_back(std::visit(TraceLine{definition, step.effects}, item));
    }
    return lines;
}

std::vector<std::string> tell(const Error& error) {
    if (error.code != ErrorCode::event_refused) {
        const bool is_incident =
            error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::contract_broken;
        const std::string code =
            is_incident && !error.where.empty() ? error.where : std::string(name_of(error.code));
        const bool has_place = !is_incident && !error.where.empty();
        return {fmt::format("error {}: {}{}", code, error.message,
                            has_place ? " (at " + error.where + ")" : std::string())};
    }
    std::vector<std::string> lines;
    for (const Reason& reason : error.reasons) {
        lines.push_back("refused " + reason_line(reason));
    }
    return lines;
}

std::vector<std::string> tell(const Definition& definition, const Explanation& explanation) {
    std::vector<std::string> lines;
    for (const Candidate& candidate : explanation.candidates) {
        const Transition& transition = definition.transitions[candidate.transition];
        const std::string event = transition.events.empty() ? "" : transition.events.front();
        lines.push_back(arrow(definition, candidate.transition, event) + ": " +
                        verdict_of(definition, candidate));
        for (const Reason& reason : candidate.reasons) {
            lines.push_back("  " + reason_line(reason));
        }
    }
    lines.emplace_back(explanation.accepted ? "accepted" : "refused");
    if (explanation.candidates.empty() && !explanation.reasons.empty()) {
        lines.push_back("  " + reason_line(explanation.reasons.front()));
    }
    return lines;
}

}  // namespace sillage
