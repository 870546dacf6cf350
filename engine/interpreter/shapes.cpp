// The JSON shapes of taken transitions and effects, as `sillage simulate --json` and the log have
// them.

#include "engine/interpreter/status.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

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
    const json::storage_ptr& memory;

    json::object operator()(const StartTimer& effect) const {
        const Timer& timer = effect.timer;
        json::object object({{"kind", "start_timer"},
                             {"id", static_cast<std::int64_t>(timer.id)},
                             {"timer", name_of(timer.kind)},
                             {"event", timer.event},
                             {"state", definition.state(timer.state).id},
                             {"due", to_string(timer.due)}},
                            memory);
        if (timer.kind == TimerKind::send) {
            object["data"] = timer.data();
            object["send_id"] = timer.send_id();
        }
        return object;
    }

    json::object operator()(const CancelTimer& effect) const {
        return made({{"kind", "cancel_timer"},
                     {"id", static_cast<std::int64_t>(effect.id)},
                     {"event", effect.event}});
    }

    json::object operator()(const Emit& effect) const {
        return made({{"kind", "emit"}, {"type", effect.type}, {"data", effect.data}});
    }

    json::object operator()(const Notify& effect) const {
        json::object texts(memory);
        for (const auto& [language, text] : effect.texts) {
            // BCP 47 has a tag for text that was given without a language.
            texts[language.empty() ? "und" : language] = text;
        }
        return made({{"kind", "notify"},
                     {"role", effect.role},
                     {"text", plain_text(effect)},
                     {"texts", std::move(texts)}});
    }

    json::object operator()(const Send& effect) const {
        return made({{"kind", "send"},
                     {"event", effect.event},
                     {"data", effect.data},
                     {"to", effect.to},
                     {"send_id", effect.send_id}});
    }

    json::object operator()(const StartChild& effect) const {
        return made({{"kind", "invoke"},
                     {"id", effect.child.invoke_id},
                     {"child", static_cast<std::int64_t>(effect.child.serial)},
                     {"workflow", effect.workflow},
                     {"input", effect.input}});
    }

    json::object operator()(const CancelChild& effect) const {
        return made({{"kind", "cancel_invoke"},
                     {"id", effect.invoke_id},
                     {"child", static_cast<std::int64_t>(effect.serial)}});
    }

    json::object operator()(const Log& effect) const {
        return made({{"kind", "log"}, {"value", effect.value}});
    }

  private:
    json::object made(
        std::initializer_list<std::pair<json::string_view, json::value_ref>> members) const {
        return json::object(members, memory);
    }
};

}  // namespace

json::object effect_json(const Definition& definition, const Effect& effect,
                         const json::storage_ptr& memory) {
    return std::visit(EffectShape{definition, memory}, effect);
}

json::object taken_json(const Definition& definition, const TakenTransition& taken,
                        const json::storage_ptr& memory) {
    const Transition& transition = definition.transitions[taken.transition];
    json::array targets(memory);
    for (const StateIndex target : transition.targets) {
        targets.emplace_back(definition.state(target).id);
    }
    return json::object({{"source", definition.state(transition.source).id},
                         {"event", taken.event},
                         {"targets", std::move(targets)}},
                        memory);
}

}  // namespace sillage
