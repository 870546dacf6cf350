// The JSON shapes of taken transitions and effects, as `sillage simulate --json` and the log have
// them.

#include "engine/interpreter/status.hpp"

namespace sillage {
namespace {

std::string_view name_of(TimerKind kind) {
    switch (kind) {
        case TimerKind::after:
            return "after";
        case TimerKind::deadline:
            return "deadline";
        case TimerKind::reminder:
            return "reminder";
        case TimerKind::send:
            return "send";
    }
    return "send";
}

/// The text that a reader of English, else of the first language, gets.
std::string_view plain_text(const Notify& notify) {
    for (const auto& [language, text] : notify.texts) {
        if (language == "en" || language.starts_with("en-")) {
            return text;
        }
    }
    return notify.texts.empty() ? std::string_view() : std::string_view(notify.texts[0].second);
}

struct EffectShape {
    const Definition& definition;

    boost::json::object operator()(const StartTimer& effect) const {
        const Timer& timer = effect.timer;
        boost::json::object object{{"kind", "start_timer"},
                                   {"id", static_cast<std::int64_t>(timer.id)},
                                   {"timer", name_of(timer.kind)},
                                   {"event", timer.event},
                                   {"state", definition.state(timer.state).id},
                                   {"due", to_string(timer.due)}};
        if (timer.kind == TimerKind::send) {
            object["data"] = timer.data();
            object["send_id"] = timer.send_id();
        }
        return object;
    }

    boost::json::object operator()(const CancelTimer& effect) const {
        return {{"kind", "cancel_timer"},
                {"id", static_cast<std::int64_t>(effect.id)},
                {"event", effect.event}};
    }

    boost::json::object operator()(const Emit& effect) const {
        return {{"kind", "emit"}, {"type", effect.type}, {"data", effect.data}};
    }

    boost::json::object operator()(const Notify& effect) const {
        boost::json::object texts;
        for (const auto& [language, text] : effect.texts) {
            // BCP 47 has a tag for text that was given without a language.
            texts[language.empty() ? "und" : language] = text;
        }
        return {{"kind", "notify"},
                {"role", effect.role},
                {"text", plain_text(effect)},
                {"texts", std::move(texts)}};
    }

    boost::json::object operator()(const Send& effect) const {
        return {{"kind", "send"},
                {"event", effect.event},
                {"data", effect.data},
                {"to", effect.to},
                {"send_id", effect.send_id}};
    }

    boost::json::object operator()(const StartChild& effect) const {
        return {{"kind", "invoke"},
                {"id", effect.child.invoke_id},
                {"child", static_cast<std::int64_t>(effect.child.serial)},
                {"workflow", effect.workflow},
                {"input", effect.input}};
    }

    boost::json::object operator()(const CancelChild& effect) const {
        return {{"kind", "cancel_invoke"},
                {"id", effect.invoke_id},
                {"child", static_cast<std::int64_t>(effect.serial)}};
    }

    boost::json::object operator()(const Log& effect) const {
        return {{"kind", "log"}, {"value", effect.value}};
    }
};

}  // namespace

boost::json::object effect_json(const Definition& definition, const Effect& effect) {
    return std::visit(EffectShape{definition}, effect);
}

boost::json::object taken_json(const Definition& definition, const TakenTransition& taken) {
    const Transition& transition = definition.transitions[taken.transition];
    boost::json::array targets;
    for (const StateIndex target : transition.targets) {
        targets.emplace_back(definition.state(target).id);
    }
    return {{"source", definition.state(transition.source).id},
            {"event", taken.event},
            {"targets", std::move(targets)}};
}

}  // namespace sillage
