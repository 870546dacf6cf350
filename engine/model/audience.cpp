#include "engine/model/audience.hpp"

#include <algorithm>

namespace sillage {
namespace {

bool is_hidden(const State& state) {
    return std::ranges::find(state.tags, "hidden") != state.tags.end();
}

/// `done.state.`, `after.` and their like stand before the id; `after` has its duration behind it.
std::string_view state_id_in(std::string_view event) {
    for (const std::string_view prefix :
         {"done.state.", "deadline.expired.", "deadline.approaching."}) {
        if (event.starts_with(prefix)) {
            return event.substr(prefix.size());
        }
    }
    constexpr std::string_view after = "after.";
    const std::size_t end = event.rfind('.');
    return event.starts_with(after) && end > after.size()
               ? event.substr(after.size(), end - after.size())
               : std::string_view();
}

}  // namespace

StateIndex shown_state(const Definition& definition, StateIndex state) {
    StateIndex shown = state;
    for (StateIndex at = state; at != root_state; at = definition.state(at).parent) {
        const StateIndex parent = definition.state(at).parent;
        if (is_hidden(definition.state(at))) {
            shown = parent == root_state ? at : parent;
        }
    }
    return shown;
}

bool is_concealed(const Definition& definition, StateIndex state) {
    return shown_state(definition, state) != state;
}

bool names_concealed_state(const Definition& definition, std::string_view event) {
    const auto state = definition.find_state(state_id_in(event));
    return state && is_concealed(definition, *state);
}

}  // namespace sillage
