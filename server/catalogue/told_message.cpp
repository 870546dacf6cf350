#include <algorithm>
#include <array>

#include "server/catalogue/detail/told_parts.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/catalogue/withheld.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What an outsider is told of however it came about: where the instance stands is public.
constexpr std::array about_stages{std::string_view("sillage.instance.stage_changed"),
                                  std::string_view("sillage.instance.finished")};

/// One message on its way to one reader.
struct Telling {
    const Definition& definition;
    const Entry& entry;
    const LogReader& reader;
};

/// The states that a member lists, as the reader is told of them.
void tell_states(const Telling& telling, json::object& payload, std::string_view member,
                 const std::vector<std::string>& states) {
    if (payload.contains(member)) {
        payload[member] = told_states(telling.definition, states, telling.reader.call);
    }
}

json::object told_own_kind(const Telling& telling, Message message) {
    const auto& [definition, entry, reader] = telling;
    json::object payload = std::move(message.payload);
    if (payload.contains("actor")) {
        payload["actor"] = told_actor(definition, entry, reader);
    }
    tell_states(telling, payload, "states", entry.to);
    if (message.type == "sillage.instance.transition") {
        tell_states(telling, payload, "from", entry.from);
        tell_states(telling, payload, "to", entry.to);
        payload["taken"] = told_taken(definition, entry.taken, reader.call);
    }
    if (json::value* const state = payload.if_contains("state")) {
        *state = told_state(definition, state->as_string(), reader.call);
    }
    if (message.type == "sillage.instance.incident" && reader.call.audience == Audience::outside) {
        payload["message"] = incident_sentence;
        payload.erase("event");
    }
    return payload;
}

bool is_for_role_of(const Message& message, const Actor& reader) {
    const json::value* const role = message.payload.if_contains("role");
    const std::string_view named = role != nullptr && role->is_string()
                                       ? std::string_view(role->get_string())
                                       : std::string_view();
    return std::ranges::find(reader.roles, named) != reader.roles.end();
}

}  // namespace

std::optional<json::object> told_message(const Definition& definition, const Entry& entry,
                                         Message message, const LogReader& reader) {
    const bool is_outside = reader.call.audience == Audience::outside;
    const bool is_about_stage = std::ranges::find(about_stages, message.type) != about_stages.end();
    if (is_internal(definition, entry, reader.call) && !is_about_stage) {
        return std::nullopt;
    }
    if (message.type == "sillage.notification") {
        return reader.with_effects || is_for_role_of(message, reader.call.actor)
                   ? std::optional(std::move(message.payload))
                   : std::nullopt;
    }
    if (event_type(message.type)) {
        return told_own_kind(Telling{definition, entry, reader}, std::move(message));
    }
    const bool is_foreign_sheet = !reader.with_sheets && is_sheet(definition, entry, reader.call);
    if (is_outside || is_foreign_sheet) {
        return std::nullopt;
    }
    json::value& data = message.payload.at("data");
    auto told = told_emit(definition, message.type, std::move(data), reader.call.actor);
    data = told ? *std::move(told) : json::value(nullptr);
    return std::move(message.payload);
}

}  // namespace sillage::server
