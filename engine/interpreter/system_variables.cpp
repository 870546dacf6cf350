#include "engine/interpreter/detail/system_variables.hpp"

#include "engine/interpreter/detail/event_origin.hpp"

namespace sillage {
namespace {

Value text_or_null(std::string_view text) {
    return text.empty() ? Value{} : text_value(std::string(text));
}

void put(ValueEntries& entries, std::string_view name, Value value) {
    entries.emplace_back(text_value(std::string(name)), std::move(value));
}

/// The invoke that an event comes from. Its child is forgotten once `done.invoke.ID` is processed.
std::string invoke_id_of(const Moment& moment) {
    constexpr std::string_view done = "done.invoke.";
    const Event& event = moment.input.event;
    for (const Child& child : moment.snapshot.children) {
        if (event.child != 0 && child.serial == event.child) {
            return child.invoke_id;
        }
    }
    return event.child != 0 && moment.event.starts_with(done)
               ? std::string(moment.event.substr(done.size()))
               : std::string();
}

}  // namespace

EventDetail external_detail(const Moment& moment) {
    const Event& event = moment.input.event;
    EventDetail detail{
        .type = event.name.view().starts_with("error.") ? EventType::platform : EventType::external,
        .send_id = event.send_id,
        .invoke_id = invoke_id_of(moment)};
    const bool is_own = event.origin == EventOrigin::queue || event.origin == EventOrigin::timer;
    if (is_own || !event.sender.empty()) {
        detail.address = session_address(is_own ? std::string_view(moment.input.instance)
                                                : std::string_view(event.sender));
    }
    return detail;
}

namespace {

/// Null before the first event; each field is there always, null when it says nothing.
Value event_variable(const Moment& moment) {
    if (moment.origin == nullptr && moment.event == start_event) {
        return {};
    }
    const EventDetail detail = moment.origin == nullptr ? external_detail(moment) : *moment.origin;
    ValueEntries entries;
    put(entries, "name", text_value(std::string(moment.event)));
    put(entries, "type", text_value(std::string(word_for(detail.type))));
    put(entries, "sendid", text_or_null(detail.send_id));
    put(entries, "origin", text_or_null(detail.address));
    put(entries, "origintype",
        detail.address.empty() ? Value{} : text_value(std::string(scxml_processor)));
    put(entries, "invokeid", text_or_null(detail.invoke_id));
    put(entries, "data", from_json(moment.event_data, nullptr));
    return map_value(std::move(entries));
}

Value processors(const Moment& moment) {
    ValueEntries processor;
    put(processor, "location", text_value(session_address(moment.input.instance)));
    const Value described = map_value(std::move(processor));
    ValueEntries entries;
    put(entries, scxml_processor, described);
    put(entries, "scxml", described);
    return map_value(std::move(entries));
}

}  // namespace

std::string session_address(std::string_view instance) {
    return std::string(session_prefix) + std::string(instance);
}

Value system_variable(const Moment& moment, Builtin variable) {
    switch (variable) {
        case Builtin::scxml_event:
            return event_variable(moment);
        case Builtin::scxml_name:
            return text_value(moment.definition.name);
        case Builtin::scxml_session:
            return text_value(moment.input.instance);
        case Builtin::scxml_processors:
            return processors(moment);
        case Builtin::event:
        case Builtin::actor:
        case Builtin::company:
        case Builtin::cohort:
        case Builtin::now:
            break;
    }
    return {};
}

}  // namespace sillage
