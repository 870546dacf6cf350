#include "engine/formats/detail/spelling.hpp"

#include <algorithm>

namespace sillage {

Spelling::Spelling(const Definition& definition) : definition_(definition) {
    for (const State& state : definition.states) {
        aliases_.push_back(state.alias);
    }
    const auto cover = [this](StateIndex source, const std::vector<StateIndex>& targets) {
        for (const StateIndex target : targets) {
            if (is_hidden(source, target)) {
                make_alias(target);
            }
        }
    };
    for (const Transition& transition : definition.transitions) {
        cover(transition.source, transition.targets);
    }
    for (StateIndex index = 0; index < definition.states.size(); ++index) {
        if (definition.state(index).type == StateType::history) {
            cover(index, definition.state(index).initial.targets);
        }
    }
}

/// Whether a sibling of the source has the target's path for its name: it would be found first.
/// Source: language.md, section 2.
bool Spelling::is_hidden(StateIndex source, StateIndex target) const {
    const State& wanted = definition_.state(target);
    if (source == root_state || wanted.parent != root_state) {
        return false;
    }
    const auto& siblings = definition_.state(definition_.state(source).parent).children;
    return std::ranges::any_of(siblings, [&](StateIndex sibling) {
        return sibling != target && definition_.state(sibling).name == wanted.name;
    });
}

void Spelling::make_alias(StateIndex state) {
    std::string& alias = aliases_[state];
    if (!alias.empty()) {
        return;
    }
    std::string made = definition_.state(state).name;
    while (std::ranges::find(aliases_, made) != aliases_.end()) {
        made += '_';
    }
    alias = std::move(made);
}

std::string Spelling::target(StateIndex source, StateIndex target) const {
    return is_hidden(source, target) ? "#" + aliases_[target] : definition_.state(target).id;
}

std::string Spelling::initial(StateIndex state, StateIndex target) const {
    const std::string& above = definition_.state(state).id;
    const std::string& id = definition_.state(target).id;
    return above.empty() ? id : id.substr(above.size() + 1);
}

}  // namespace sillage
