#include "server/catalogue/told.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"
#include "engine/interpreter/status.hpp"
#include "server/catalogue/detail/told_parts.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What an outsider reads in the place of an event that is none of its business.
constexpr std::string_view internal_event = "$internal";

/// Hexadecimal digits of a pseudonym. Chosen: enough to tell a jury's members apart.
constexpr std::size_t pseudonym_digits = 8;

bool is_outside(const Call& call) { return call.audience == Audience::outside; }

bool is_concealed(const Definition& definition, std::string_view id) {
    const auto state = definition.find_state(id);
    return state && sillage::is_concealed(definition, *state);
}

std::string_view text_in(const json::value& taken, std::string_view name) {
    return taken.as_object().at(name).as_string();
}

/// Calls `visit` for the transitions that the event may have taken; where the log says from which
/// states, only for those that lead out of them.
template <class Visit>
void for_each_taken(const Definition& definition, const Entry& entry, Visit visit) {
    for (const Transition& transition : definition.transitions) {
        const std::string& source = definition.state(transition.source).id;
        const bool is_taken =
            entry.taken.empty() || std::ranges::any_of(entry.taken, [&](const json::value& taken) {
                return text_in(taken, "source") == source;
            });
        if (is_taken && matches(definition, transition, entry.event)) {
            visit(transition);
        }
    }
}

/// In which of its roles the actor took the event: those that were asked for, else all.
std::vector<std::string> capacity_of(const Definition& definition, const Entry& entry) {
    std::vector<std::string> capacity;
    for_each_taken(definition, entry, [&](const Transition& transition) {
        for (const std::string& role : entry.actor.roles) {
            const bool asked = std::ranges::find(transition.by, role) != transition.by.end();
            if (asked && std::ranges::find(capacity, role) == capacity.end()) {
                capacity.push_back(role);
            }
        }
    });
    return capacity.empty() ? entry.actor.roles : capacity;
}

std::string pseudonym(const std::string& role, const Name& id, const std::string& salt) {
    const std::string hash = sha256_hex(salt + "|" + role + "|" + std::string(id.view()));
    return (role.empty() ? "person" : role) + "-" + hash.substr(0, pseudonym_digits);
}

json::object person_json(const Name& id, const json::array& roles) {
    return {{"id", id.empty() ? json::value(nullptr) : json::value(id.view())}, {"roles", roles}};
}

json::object plain_actor(const Actor& actor) {
    json::object out = person_json(actor.id, json::array(actor.roles.begin(), actor.roles.end()));
    if (actor.on_behalf_of) {
        const Behalf& behalf = *actor.on_behalf_of;
        out.emplace("on_behalf_of", json::object{{"id", behalf.id.view()},
                                                 {"delegation", behalf.delegation},
                                                 {"reason", behalf.reason}});
    }
    return out;
}

/// The fields of that name which the event's forms, and the context, declare: an event's field is
/// stored under the same name more often than not.
std::vector<const sillage::Field*> declarations(const Definition& definition,
                                                const std::string& event, std::string_view name) {
    std::vector<const sillage::Field*> found;
    const auto look_in = [&](const std::vector<sillage::Field>& fields) {
        if (const sillage::Field* field = find_field(fields, name)) {
            found.push_back(field);
        }
    };
    look_in(definition.context);
    for (const Transition& transition : definition.transitions) {
        if (transition.form && matches(definition, transition, event)) {
            look_in(*transition.form);
        }
    }
    return found;
}

json::object told_data(const Definition& definition, const Entry& entry, const LogReader& reader) {
    json::object told;
    if (!entry.data.is_object()) {
        return told;
    }
    const bool is_open = reader.with_sheets || !is_sheet(definition, entry, reader.call);
    for (const json::key_value_pair& member : entry.data.get_object()) {
        std::optional<json::value> value = member.value();
        bool is_named = false;
        for (const auto* field : declarations(definition, entry.event, member.key())) {
            value = value ? visible_part(*value, field->schema, reader.call.actor) : std::nullopt;
            is_named = is_named || !field->schema.visible_to.empty();
        }
        if (value && (is_open || is_named)) {
            told.emplace(member.key(), *std::move(value));
        }
    }
    return told;
}

/// Why the workflow could not go on is for those who run it.
json::object told_incident(const Entry& entry) {
    const auto* data = entry.data.if_object();
    const auto* code = data == nullptr ? nullptr : data->if_contains("code");
    return {{"code", code == nullptr ? json::value(nullptr) : *code},
            {"message", incident_sentence}};
}

}  // namespace

std::string told_state(const Definition& definition, std::string_view id, const Call& call) {
    if (!is_outside(call)) {
        return std::string(id);
    }
    const auto state = definition.find_state(id);
    return state ? definition.state(shown_state(definition, *state)).id : std::string();
}

json::array told_states(const Definition& definition, const std::vector<std::string>& ids,
                        const Call& call) {
    json::array told;
    for (const std::string& id : ids) {
        const json::value state(told_state(definition, id, call));
        if (std::ranges::find(told, state) == told.end()) {
            told.push_back(state);
        }
    }
    return told;
}

bool is_internal(const Definition& definition, const Entry& entry, const Call& call) {
    if (!is_outside(call) || entry.actor.id == call.actor.id) {
        return false;
    }
    if (names_concealed_state(definition, entry.event)) {
        return true;
    }
    const RoleRights rights(definition);
    const bool is_own = std::ranges::any_of(entry.actor.roles, [&](const std::string& role) {
        return rights.of(role) == Right::company;
    });
    return !is_own && !entry.taken.empty() &&
           std::ranges::all_of(entry.taken, [&](const json::value& taken) {
               return is_concealed(definition, text_in(taken, "source"));
           });
}

json::object told_actor(const Definition& definition, const Entry& entry, const LogReader& reader) {
    const Actor& actor = entry.actor;
    const bool is_starter = entry.event.starts_with('$') && actor.roles.empty();
    if (!is_outside(reader.call) || actor.id == reader.call.actor.id || actor == system_actor() ||
        is_starter) {
        return plain_actor(actor);
    }
    const RoleRights rights(definition);
    const std::vector<std::string> capacity = capacity_of(definition, entry);
    json::array known;
    for (const std::string& role : capacity) {
        if (is_known_outside(rights.of(role))) {
            known.emplace_back(role);
        }
    }
    if (!known.empty()) {
        return person_json(actor.id, known);
    }
    const std::string role = capacity.empty() ? std::string() : capacity.front();
    const Name id = reader.salt.empty() ? Name() : Name(pseudonym(role, actor.id, reader.salt));
    return person_json(id, json::array(capacity.begin(), capacity.end()));
}

bool is_sheet(const Definition& definition, const Entry& entry, const Call& call) {
    const RoleRights rights(definition);
    const std::vector<std::string> capacity = capacity_of(definition, entry);
    return entry.actor.id != call.actor.id && !capacity.empty() &&
           std::ranges::all_of(capacity, [&](const std::string& role) {
               return rights.of(role) == Right::evaluator;
           });
}

json::object entry_json(const Definition& definition, const Entry& entry, const LogReader& reader) {
    const Call& call = reader.call;
    const bool internal = is_internal(definition, entry, call);
    const bool is_incident = entry.event == "$incident" && is_outside(call);
    json::object out;
    out.emplace("sequence", entry.sequence);
    out.emplace("at", to_string(entry.at));
    out.emplace("actor", internal ? person_json({}, {}) : told_actor(definition, entry, reader));
    out.emplace("event", internal ? std::string(internal_event) : entry.event);
    out.emplace("from", told_states(definition, entry.from, call));
    out.emplace("to", told_states(definition, entry.to, call));
    out.emplace("data", internal      ? json::object()
                        : is_incident ? told_incident(entry)
                                      : told_data(definition, entry, reader));
    out.emplace("taken", internal ? json::array() : told_taken(definition, entry.taken, call));
    if (reader.with_effects) {
        out.emplace("effects", entry.effects);
    }
    if (!entry.trace.empty() && !is_outside(call)) {
        out.emplace("traceparent", entry.trace);
    }
    out.emplace("previous_hash", entry.previous_hash);
    out.emplace("hash", entry.hash);
    return out;
}

json::array told_taken(const Definition& definition, json::array taken, const Call& call) {
    if (!is_outside(call)) {
        return taken;
    }
    json::array told;
    for (const json::value& item : taken) {
        json::object transition = item.as_object();
        const std::string_view event = text_in(item, "event");
        if (names_concealed_state(definition, event)) {
            transition["event"] = internal_event;
        }
        transition["source"] = told_state(definition, text_in(item, "source"), call);
        json::array targets;
        for (const json::value& target : transition.at("targets").as_array()) {
            targets.emplace_back(told_state(definition, target.as_string(), call));
        }
        transition["targets"] = std::move(targets);
        told.push_back(std::move(transition));
    }
    return told;
}

json::array taken_json(const Receipt& receipt, const Call& call, const json::storage_ptr& memory) {
    json::array taken(memory);
    for (const TakenTransition& transition : receipt.taken) {
        taken.push_back(sillage::taken_json(*receipt.after.definition, transition, memory));
    }
    return told_taken(*receipt.after.definition, std::move(taken), call);
}

void tell_places(std::vector<Reason>& reasons, const Definition& definition, const Call& call) {
    for (Reason& reason : reasons) {
        if (!reason.state.empty()) {
            reason.state = told_state(definition, reason.state, call);
        }
    }
}

}  // namespace sillage::server
