#include "engine/interpreter/status.hpp"

#include <algorithm>

#include "engine/interpreter/detail/values.hpp"
#include "engine/model/context.hpp"
#include "engine/model/tree.hpp"

namespace sillage {
namespace {

/// The active states; of an instance that ended, the final one's path, so that it still has a
/// place and a name.
StateSet shown_configuration(const Definition& definition, const Snapshot& snapshot) {
    StateSet shown(snapshot.configuration.begin(), snapshot.configuration.end());
    if (snapshot.done && snapshot.ended_in) {
        for (StateIndex at = *snapshot.ended_in; at != root_state;
             at = definition.state(at).parent) {
            insert_state(shown, at);
        }
    }
    return shown;
}

bool is_outside(const Moment& moment) { return moment.input.audience == Audience::outside; }

/// A state's title for the reader: of a role it holds, else for everybody; empty without one. What
/// an outsider is not told of has no title for everybody.
std::string title_of(const Moment& moment, StateIndex index) {
    const State& state = moment.definition.state(index);
    for (const auto& [role, title] : state.title_for) {
        const auto& roles = moment.input.actor.roles;
        if (std::ranges::find(roles, role) != roles.end()) {
            return text_for_reader(moment, title);
        }
    }
    const bool is_told = !is_outside(moment) || !is_concealed(moment.definition, index);
    return state.title.empty() || !is_told ? std::string() : text_for_reader(moment, state.title);
}

/// The deepest active state that contains all active atomic ones, or is the only one.
StateIndex common_state(const Definition& definition, const StateSet& atomic) {
    if (atomic.empty()) {
        return root_state;
    }
    StateIndex at = atomic.front();
    while (at != root_state && atomic.back() >= definition.state(at).end) {
        at = definition.state(at).parent;
    }
    return at;
}

/// Its own title, else that of its nearest titled ancestor, else the workflow's.
std::string nearest_title(const Moment& moment, StateIndex state) {
    for (StateIndex at = state; at != root_state; at = moment.definition.state(at).parent) {
        std::string title = title_of(moment, at);
        if (!title.empty()) {
            return title;
        }
    }
    const Text& title = moment.definition.title;
    return title.empty() ? moment.definition.name : text_for_reader(moment, title);
}

/// What of the active states a reader is told; of everybody: everything.
struct Sight {
    const Definition& definition;
    const StateSet& active;
    /// Null: everybody.
    const Actor* outsider = nullptr;

    /// The state that is told in this one's place.
    [[nodiscard]] const State& shown(StateIndex state) const {
        return definition.state(outsider == nullptr ? state : shown_state(definition, state));
    }
    [[nodiscard]] bool waits_for_reader(StateIndex state) const {
        return outsider != nullptr &&
               std::ranges::find(outsider->roles, definition.state(state).waiting_for) !=
                   outsider->roles.end();
    }
    /// Whether it is told what the state itself waits for.
    [[nodiscard]] bool tells(StateIndex state) const {
        return outsider == nullptr || !is_concealed(definition, state) || waits_for_reader(state);
    }
    /// Whether it is told until when: also while something in there waits for the reader.
    [[nodiscard]] bool tells_time(StateIndex state) const {
        return tells(state) || std::ranges::any_of(active, [&](StateIndex inner) {
                   return definition.is_descendant(inner, state) && waits_for_reader(inner);
               });
    }
};

std::vector<OpenDeadline> open_deadlines(const Sight& sight, const Snapshot& snapshot) {
    std::vector<OpenDeadline> open;
    for (const Timer& timer : snapshot.timers) {
        if (timer.kind == TimerKind::deadline && sight.tells_time(timer.state)) {
            open.push_back({.state = sight.shown(timer.state).id, .at = timer.due});
        }
    }
    std::ranges::stable_sort(open, {}, &OpenDeadline::at);
    return open;
}

void add_once(std::vector<std::string>& texts, const std::string& text) {
    if (std::ranges::find(texts, text) == texts.end()) {
        texts.push_back(text);
    }
}

Standing standing_in(const Sight& sight, const Snapshot& snapshot) {
    const auto is_told = [&](StateIndex state) { return sight.tells_time(state); };
    Standing standing{.deadlines = open_deadlines(sight, snapshot),
                      .overdue = std::ranges::any_of(snapshot.overdue, is_told),
                      .done = snapshot.done};
    for (const StateIndex index : sight.active) {
        const State& state = sight.definition.state(index);
        if (is_atomic(state)) {
            add_once(standing.states, sight.shown(index).id);
        }
        if (state.parent == root_state && standing.stage.empty()) {
            standing.stage = state.name;
        }
        if (!state.waiting_for.empty() && sight.tells(index)) {
            add_once(standing.waiting_for, state.waiting_for);
        }
    }
    return standing;
}

/// That the workflow could not go on is for everybody; why, for those who run the programme.
std::optional<Incident> told_incident(const Moment& moment) {
    if (!is_outside(moment) || !moment.snapshot.incident) {
        return moment.snapshot.incident;
    }
    return Incident{.code = moment.snapshot.incident->code,
                    .message = std::string(incident_sentence),
                    .sequence = moment.snapshot.incident->sequence};
}

boost::json::value visible_value(const boost::json::value& value, const Schema& schema,
                                 const Actor& reader);

boost::json::object visible_members(const boost::json::object& object,
                                    const std::vector<Field>& fields, const Actor& reader) {
    boost::json::object visible;
    for (const auto& [name, value] : object) {
        const Field* field = find_field(fields, name);
        if (field == nullptr) {
            visible[name] = value;
        } else if (is_visible(field->schema, reader)) {
            visible[name] = visible_value(value, field->schema, reader);
        }
    }
    return visible;
}

boost::json::value visible_value(const boost::json::value& value, const Schema& schema,
                                 const Actor& reader) {
    if (const auto* object = value.if_object()) {
        return visible_members(*object, schema.properties, reader);
    }
    if (const auto* items = value.if_array(); items != nullptr && schema.items) {
        boost::json::array visible;
        for (const boost::json::value& item : *items) {
            visible.push_back(visible_value(item, *schema.items, reader));
        }
        return visible;
    }
    return value;
}

}  // namespace

Standing standing(const Definition& definition, const Snapshot& snapshot) {
    const StateSet active = shown_configuration(definition, snapshot);
    return standing_in({.definition = definition, .active = active}, snapshot);
}

Status describe(const Definition& definition, const Snapshot& snapshot, const Input& input) {
    const Moment moment = moment_before(definition, snapshot, input);
    const StateSet active = shown_configuration(definition, snapshot);
    const Sight sight{.definition = definition,
                      .active = active,
                      .outsider = is_outside(moment) ? &input.actor : nullptr};
    Status status{standing_in(sight, snapshot)};
    status.context =
        visible_members(context_object(definition, snapshot), definition.context, input.actor);
    status.incident = told_incident(moment);
    StateSet atomic;
    for (const StateIndex index : active) {
        const State& state = definition.state(index);
        if (is_atomic(state)) {
            atomic.push_back(index);
        }
        if (state.parent == root_state && state.name == status.stage) {
            status.stage_title = title_of(moment, index);
        }
    }
    status.title = nearest_title(moment, common_state(definition, atomic));
    return status;
}

std::optional<boost::json::value> visible_part(const boost::json::value& value,
                                               const Schema& schema, const Actor& reader) {
    return is_visible(schema, reader) ? std::optional(visible_value(value, schema, reader))
                                      : std::nullopt;
}

std::string render(const Definition& definition, const Snapshot& snapshot, const Input& input,
                   const Text& text) {
    return text.empty() ? std::string()
                        : text_for_reader(moment_before(definition, snapshot, input), text);
}

}  // namespace sillage
