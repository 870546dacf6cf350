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

/// Null where there is none.
json::value member_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found == nullptr ? json::value(nullptr) : *found;
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

/// Builds the messages of one entry; each begins with what all have in common.
class Writer {
  public:
    Writer(const Birth& subject, const Entry& entry)
        : common_{{"instance", entry.instance},
                  {"workflow", subject.workflow},
                  {"version", subject.version},
                  {"cluster", text_or_null(subject.cluster)},
                  {"company", text_or_null(subject.company)},
                  {"cohort", text_or_null(subject.cohort)},
                  {"key", text_or_null(subject.key)},
                  {"sequence", entry.sequence},
                  {"at", to_string(entry.at)}} {}

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

/// The top-level state that a state lies in.
StateIndex top_of(const Definition& definition, StateIndex state) {
    StateIndex top = state;
    while (definition.state(top).parent != root_state) {
        top = definition.state(top).parent;
    }
    return top;
}

/// The active atomic states that an entry names.
std::vector<StateIndex> leaves_of(const Definition& definition,
                                  const std::vector<std::string>& ids) {
    std::vector<StateIndex> leaves;
    for (const std::string& id : ids) {
        if (const auto state = definition.find_state(id)) {
            leaves.push_back(*state);
        }
    }
    return leaves;
}

/// Name of the first active top-level state: the `stage` of lists; empty without one.
std::string stage_of(const Definition& definition, const std::vector<StateIndex>& leaves) {
    return leaves.empty() ? std::string()
                          : definition.state(top_of(definition, leaves.front())).name;
}

/// Whether an instance with these leaves has ended: it has left everything, or is in a final state
/// of the document; where that is parallel, in the final state that completed its last region.
bool has_ended(const Definition& definition, const std::vector<StateIndex>& leaves) {
    if (leaves.size() != 1 || definition.state(leaves.front()).type != StateType::final) {
        return leaves.empty();
    }
    StateIndex at = definition.state(leaves.front()).parent;
    if (at == root_state) {
        return true;
    }
    do {
        at = definition.state(at).parent;
    } while (at != root_state && definition.state(at).type == StateType::parallel);
    return at == root_state && definition.state(root_state).type == StateType::parallel;
}

void write_deadline(Writer& writer, const Entry& entry) {
    constexpr std::string_view approaching = "deadline.approaching.";
    constexpr std::string_view expired = "deadline.expired.";
    const std::string_view event = entry.event;
    if (entry.origin != EventOrigin::timer) {
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

/// Of the effects in the log's shape (engine/interpreter/status.hpp), those that are for the world.
void write_effect(Writer& writer, const json::object& effect) {
    const std::string kind = text_of(effect, "kind");
    if (kind == "emit") {
        writer.write(text_of(effect, "type"), {{"data", member_of(effect, "data")}});
    } else if (kind == "notify") {
        writer.write("sillage.notification",
                     {{"role", member_of(effect, "role")}, {"text", member_of(effect, "texts")}});
    }
}

void write_stages(Writer& writer, const Definition& definition, const Entry& entry) {
    const std::vector<StateIndex> from = leaves_of(definition, entry.from);
    const std::vector<StateIndex> to = leaves_of(definition, entry.to);
    const std::string stage = stage_of(definition, to);
    const std::string before = stage_of(definition, from);
    const bool is_start = entry.sequence == 1;
    if (before != stage && !is_start) {
        writer.write("sillage.instance.stage_changed", {{"from", before}, {"to", stage}});
    }
    if (has_ended(definition, to) && (is_start || !has_ended(definition, from))) {
        writer.write("sillage.instance.finished",
                     {{"stage", stage}, {"states", strings(entry.to)}});
    }
}

}  // namespace

std::vector<Message> messages_of(const Definition& definition, const Birth& subject,
                                 const Entry& entry) {
    Writer writer(subject, entry);
    const bool is_start = entry.sequence == 1;
    if (is_start) {
        writer.write("sillage.instance.started",
                     {{"states", strings(entry.to)},
                      {"stage", stage_of(definition, leaves_of(definition, entry.to))},
                      {"actor", entry.actor.id.text()}});
    }
    write_deadline(writer, entry);
    if (!entry.taken.empty() && !is_start) {
        writer.write("sillage.instance.transition", {{"event", entry.event},
                                                     {"actor", entry.actor.id.text()},
                                                     {"from", strings(entry.from)},
                                                     {"to", strings(entry.to)},
                                                     {"taken", entry.taken}});
    }
    for (const json::value& effect : entry.effects) {
        if (const json::object* const object = effect.if_object()) {
            write_effect(writer, *object);
        }
    }
    write_stages(writer, definition, entry);
    const json::object* const data = entry.data.if_object();
    if (entry.event == "$incident" && data != nullptr) {
        writer.write("sillage.instance.incident", {{"code", member_of(*data, "code")},
                                                   {"message", member_of(*data, "message")},
                                                   {"event", member_of(*data, "event")}});
    }
    return writer.take();
}

}  // namespace sillage
