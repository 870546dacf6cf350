#include "engine/outbox/message.hpp"

#include <string_view>
#include <utility>

namespace sillage {
namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array strings(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

/// Builds the messages of one entry; each begins with what all have in common.
class Writer {
  public:
    Writer(const Subject& subject, const Occurrence& occurrence)
        : common_{{"instance", subject.instance},
                  {"workflow", subject.workflow},
                  {"version", subject.version},
                  {"cluster", text_or_null(subject.cluster)},
                  {"company", text_or_null(subject.company)},
                  {"cohort", text_or_null(subject.cohort)},
                  {"key", text_or_null(subject.key)},
                  {"sequence", occurrence.sequence},
                  {"at", to_string(occurrence.at)}} {}

    void write(std::string type, json::object own) {
        json::object payload = common_;
        for (auto& member : own) {
            payload.emplace(member.key(), std::move(member.value()));
        }
        messages_.push_back(Message{.type = std::move(type), .payload = std::move(payload)});
    }

    std::vector<Message> take() { return std::move(messages_); }

  private:
    json::object common_;
    std::vector<Message> messages_;
};

void write_deadline(Writer& writer, const Occurrence& occurrence) {
    constexpr std::string_view approaching = "deadline.approaching.";
    constexpr std::string_view expired = "deadline.expired.";
    const std::string_view event = occurrence.event;
    if (occurrence.origin != EventOrigin::timer) {
        return;
    }
    if (event.starts_with(approaching)) {
        writer.write("sillage.instance.deadline_approaching",
                     {{"state", event.substr(approaching.size())}});
    } else if (event.starts_with(expired)) {
        writer.write("sillage.instance.deadline_expired",
                     {{"state", event.substr(expired.size())}});
    }
}

void write_effect(Writer& writer, const Effect& effect) {
    if (const auto* emit = std::get_if<Emit>(&effect)) {
        writer.write(emit->type.text(), {{"data", emit->data}});
    } else if (const auto* notify = std::get_if<Notify>(&effect)) {
        json::object texts;
        for (const auto& [language, text] : notify->texts) {
            texts.insert_or_assign(language, text);
        }
        writer.write("sillage.notification", {{"role", notify->role}, {"text", std::move(texts)}});
    }
}

}  // namespace

std::vector<Message> messages_of(const Subject& subject, const Occurrence& occurrence,
                                 const std::vector<Effect>& effects) {
    Writer writer(subject, occurrence);
    if (occurrence.sequence == 1) {
        writer.write("sillage.instance.started", {{"states", strings(occurrence.to)},
                                                  {"stage", occurrence.stage_to},
                                                  {"actor", occurrence.actor}});
    }
    write_deadline(writer, occurrence);
    if (!occurrence.taken.empty() && occurrence.sequence > 1) {
        writer.write("sillage.instance.transition", {{"event", occurrence.event},
                                                     {"actor", occurrence.actor},
                                                     {"from", strings(occurrence.from)},
                                                     {"to", strings(occurrence.to)},
                                                     {"taken", occurrence.taken}});
    }
    for (const Effect& effect : effects) {
        write_effect(writer, effect);
    }
    if (occurrence.stage_from != occurrence.stage_to && occurrence.sequence > 1) {
        writer.write("sillage.instance.stage_changed",
                     {{"from", occurrence.stage_from}, {"to", occurrence.stage_to}});
    }
    if (occurrence.finished) {
        writer.write("sillage.instance.finished",
                     {{"stage", occurrence.stage_to}, {"states", strings(occurrence.to)}});
    }
    if (occurrence.incident) {
        writer.write("sillage.instance.incident", {{"code", occurrence.incident->code},
                                                   {"message", occurrence.incident->message},
                                                   {"event", occurrence.incident->event}});
    }
    return writer.take();
}

}  // namespace sillage
