#include "engine/formats/outline.hpp"

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

/// States where they stand now, each once.
std::vector<StateIndex> moved(const std::vector<StateIndex>& states,
                              const std::vector<StateIndex>& places) {
    std::vector<StateIndex> result;
    for (const StateIndex state : states) {
        if (std::ranges::find(result, places[state]) == result.end()) {
            result.push_back(places[state]);
        }
    }
    return result;
}

const Text& title_for(const State& state, const std::vector<std::string>& roles) {
    for (const auto& [role, title] : state.title_for) {
        if (std::ranges::find(roles, role) != roles.end()) {
            return title;
        }
    }
    return state.title;
}

class Outliner {
  public:
    Outliner(const Definition& whole, Audience audience)
        : whole_(whole), is_outside_(audience == Audience::outside) {
        for (StateIndex state = 0; state < whole.states.size(); ++state) {
            starts_.push_back(count_);
            outline_.places.push_back(is_kept(state) ? count_
                                                     : outline_.places[shown_state(whole, state)]);
            count_ += is_kept(state) ? 1U : 0U;
        }
        starts_.push_back(count_);
    }

    [[nodiscard]] Outline draw(const std::vector<std::string>& roles) {
        outline_.definition = whole_;
        outline_.definition.index = {};  // of the whole's states
        outline_.definition.states.clear();
        outline_.definition.transitions.clear();
        for (StateIndex state = 0; state < whole_.states.size(); ++state) {
            if (is_kept(state)) {
                add(whole_.state(state), roles);
            }
        }
        for (const Transition& transition : whole_.transitions) {
            add(transition);
        }
        return std::move(outline_);
    }

  private:
    [[nodiscard]] bool is_kept(StateIndex state) const {
        return !is_outside_ || !is_concealed(whole_, state);
    }

    void add(const State& state, const std::vector<std::string>& roles) {
        const StateIndex place = static_cast<StateIndex>(outline_.definition.states.size());
        State& told = outline_.definition.states.emplace_back(state);
        told.title = title_for(state, roles);
        told.parent = outline_.places[state.parent];
        told.end = starts_[state.end];
        told.transitions.clear();
        told.children = moved(state.children, outline_.places);
        std::erase(told.children, place);
        told.initial.targets = moved(state.initial.targets, outline_.places);
        std::erase(told.initial.targets, place);
        if (told.children.empty() &&
            (told.type == StateType::compound || told.type == StateType::parallel)) {
            told.type = StateType::atomic;
        }
    }

    void add(const Transition& transition) {
        const bool is_about_concealed = std::ranges::any_of(
            transition.events,
            [&](const std::string& event) { return names_concealed_state(whole_, event); });
        if (!is_kept(transition.source) || (is_outside_ && is_about_concealed)) {
            return;
        }
        auto& transitions = outline_.definition.transitions;
        Transition& told = transitions.emplace_back(transition);
        told.source = outline_.places[transition.source];
        told.targets = moved(transition.targets, outline_.places);
        outline_.definition.states[told.source].transitions.push_back(
            static_cast<TransitionIndex>(transitions.size() - 1));
    }

    const Definition& whole_;
    const bool is_outside_;
    StateIndex count_ = 0;
    /// By StateIndex of the whole, and one past: how many states before it are kept.
    std::vector<StateIndex> starts_;
    Outline outline_;
};

}  // namespace

Outline outline_of(const Definition& definition, const Actor& reader, Audience audience) {
    return Outliner(definition, audience).draw(reader.roles);
}

}  // namespace sillage
