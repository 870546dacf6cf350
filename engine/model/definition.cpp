#include "engine/model/definition.hpp"

#include <algorithm>

#include "engine/model/index.hpp"

namespace sillage {

std::optional<StateIndex> Definition::find_state(std::string_view id) const {
    if (index.value) {
        const auto found = index->state_positions.find(id);
        return found == index->state_positions.end() || id.empty() ? std::nullopt
                                                                   : std::optional(found->second);
    }
    if (dialect == Dialect::scxml) {
        const auto found = std::ranges::find(states, id, &State::id);
        return found == states.end() || id.empty()
                   ? std::nullopt
                   : std::optional(static_cast<StateIndex>(found - states.begin()));
    }
    // Walks the path: a state's children are few, the states of a definition may be thousands.
    StateIndex at = root_state;
    while (!id.empty()) {
        const std::string_view part = id.substr(0, id.find('.'));
        const auto& children = states[at].children;
        const auto found = std::ranges::find_if(
            children, [&](StateIndex child) { return states[child].name == part; });
        if (found == children.end()) {
            return std::nullopt;
        }
        at = *found;
        id.remove_prefix(std::min(id.size(), part.size() + 1));
    }
    return at == root_state ? std::nullopt : std::optional(at);
}

const Role* Definition::find_role(std::string_view role) const {
    const auto found = std::ranges::find(roles, role, &Role::name);
    return found == roles.end() ? nullptr : &*found;
}

namespace {

/// What stands before an id in the names of the engine's own events.
constexpr std::string_view state_event_prefixes[] = {"done.state.", "done.invoke.",
                                                     "deadline.expired.", "deadline.approaching."};

bool names_a_state(std::string_view descriptor) {
    return std::ranges::any_of(state_event_prefixes, [&](std::string_view prefix) {
        return descriptor.starts_with(prefix);
    });
}

}  // namespace

bool event_matches(std::string_view event, std::string_view descriptor, Dialect dialect) {
    if (descriptor == "*") {
        return true;
    }
    if (descriptor.ends_with(".*")) {
        descriptor.remove_suffix(2);
    } else if (dialect == Dialect::workflow && names_a_state(descriptor)) {
        return event == descriptor;
    }
    return event.starts_with(descriptor) &&
           (event.size() == descriptor.size() || event[descriptor.size()] == '.');
}

bool matches(const Definition& definition, const Transition& transition, std::string_view event) {
    return transition.trigger == Trigger::event &&
           std::ranges::any_of(transition.events, [&](const std::string& descriptor) {
               return event_matches(event, descriptor, definition.dialect);
           });
}

bool is_reserved_event(std::string_view name) {
    constexpr std::string_view prefixes[] = {"done.", "error.", "deadline.", "after.", "$"};
    return std::ranges::any_of(prefixes,
                               [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace sillage
