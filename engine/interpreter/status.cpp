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

/// A state's title for the reader: of a role it holds, else for everybody; empty without one.
std::string title_of(const Moment& moment, const State& state) {
    for (const auto& [role, title] : state.title_for) {
        const auto& roles = moment.input.actor.roles;
        if (std::ranges::find(roles, role) != roles.end()) {
            return text_for_reader(moment, title);
        }
    }
    return state.title.empty() ? std::string() : text_for_reader(moment, state.title);
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
        std::string title = title_of(moment, moment.definition.state(at));
        if (!title.empty()) {
            return title;
        }
    }
    const Text& title = moment.definition.title;
    return title.empty() ? moment.definition.name : text_for_reader(moment, title);
}

std::vector<OpenDeadline> open_deadlines(const Definition& definition, const Snapshot& snapshot) {
    std::vector<OpenDeadline> open;
    for (const Timer& timer : snapshot.timers) {
        if (timer.kind == TimerKind::deadline) {
            open.push_back({.state = definition.state(timer.state).id, .at = timer.due});
        }
    }
    std::ranges::stable_sort(open, {}, &OpenDeadline::at);
    return open;
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
    Standing standing{.deadlines = open_deadlines(definition, snapshot),
                      .overdue = !snapshot.overdue.empty(),
                      .done = snapshot.done};
    auto& waiting_for = standing.waiting_for;
    for (const StateIndex index : shown_configuration(definition, snapshot)) {
        const State& state = definition.state(index);
        if (is_atomic(state)) {
            standing.states.push_back(state.id);
        }
        if (state.parent == root_state && standing.stage.empty()) {
            standing.stage = state.name;
        }
        const bool known = std::ranges::find(waiting_for, state.waiting_for) != waiting_for.end();
        if (!state.waiting_for.empty() && !known) {
            waiting_for.push_back(state.waiting_for);
        }
    }
    return standing;
}

Status describe(const Definition& definition, const Snapshot& snapshot, const Input& input) {
    const Moment moment = moment_before(definition, snapshot, input);
    Status status{standing(definition, snapshot)};
    status.context =
        visible_members(context_object(definition, snapshot), definition.context, input.actor);
    status.incident = snapshot.incident;
    StateSet atomic;
    for (const StateIndex index : shown_configuration(definition, snapshot)) {
        const State& state = definition.state(index);
        if (is_atomic(state)) {
            atomic.push_back(index);
        }
        if (state.parent == root_state && state.name == status.stage) {
            status.stage_title = title_of(moment, state);
        }
    }
    status.title = nearest_title(moment, common_state(definition, atomic));
    return status;
}

std::string render(const Definition& definition, const Snapshot& snapshot, const Input& input,
                   const Text& text) {
    return text.empty() ? std::string()
                        : text_for_reader(moment_before(definition, snapshot, input), text);
}

}  // namespace sillage
