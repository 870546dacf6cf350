#include "engine/model/index.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/model/context.hpp"
#include "engine/model/entry.hpp"
#include "engine/model/event_name.hpp"

namespace sillage {
namespace {

/// Calls `visit` for every action of a definition, those inside others included.
template <class Visit>
void for_each_action(Block& block, const Visit& visit) {
    for (Action& action : block) {
        visit(action);
        if (auto* choice = std::get_if<IfAction>(&action.node)) {
            for_each_action(choice->then, visit);
            for_each_action(choice->otherwise, visit);
        } else if (auto* loop = std::get_if<ForEachAction>(&action.node)) {
            for_each_action(loop->body, visit);
        }
    }
}

template <class Visit>
void for_each_action(Definition& definition, const Visit& visit) {
    for (State& state : definition.states) {
        for (auto* blocks : {&state.entry, &state.exit}) {
            for (Block& block : *blocks) {
                for_each_action(block, visit);
            }
        }
        for_each_action(state.initial.actions, visit);
        for (Invoke& invoke : state.invokes) {
            if (invoke.finalize) {
                for_each_action(*invoke.finalize, visit);
            }
        }
    }
    for (Transition& transition : definition.transitions) {
        for_each_action(transition.actions, visit);
    }
}

/// The hash of a name that has one Word at least. The last may overlap the one before: the size
/// tells what that repeats.
template <class Word>
std::uint64_t mix_words(std::string_view name) {
    constexpr std::uint64_t golden_ratio = 0x9E37'79B9'7F4A'7C15;  // Knuth: spreads what is near
    std::uint64_t hash = name.size();
    const auto mix = [&](std::size_t at) {
        Word word = 0;
        std::memcpy(&word, name.data() + at, sizeof(Word));
        hash = (hash ^ word) * golden_ratio;
        hash ^= hash >> 32U;
    };
    for (std::size_t at = 0; at + sizeof(Word) < name.size(); at += sizeof(Word)) {
        mix(at);
    }
    mix(name.size() - sizeof(Word));
    return hash;
}

/// Builds the index of one definition.
class Indexing {
  public:
    explicit Indexing(const Definition& definition) : definition_(definition) {}

    /// An event's name, as one text wherever it stands.
    Name add_event(Name name) {
        const auto known = index_.event_positions.find(name.view());
        if (known != index_.event_positions.end()) {
            return index_.events[known->second].name;
        }
        index_.event_positions.emplace(name.view(), index_.events.size());
        index_.events.push_back({.name = name,
                                 .is_reserved = is_reserved_event(name),
                                 .is_event_name = is_event_name(name)});
        return name;
    }

    Index take() {
        add_states();
        for (TransitionIndex i = 0; i < definition_.transitions.size(); ++i) {
            add_descriptors(i);
        }
        for (KnownEvent& event : index_.events) {
            list_candidates(event);
        }
        for (TransitionIndex i = 0; i < definition_.transitions.size(); ++i) {
            if (definition_.transitions[i].trigger == Trigger::eventless) {
                index_.eventless.candidates.push_back(i);
                index_.has_eventless = true;
            }
        }
        order(index_.eventless);
        for (TransitionIndex i = 0; i < definition_.transitions.size(); ++i) {
            index_.routes.push_back(route_of(i));
        }
        return std::move(index_);
    }

  private:
    void add_states() {
        for (StateIndex i = 0; i < definition_.states.size(); ++i) {
            const State& state = definition_.states[i];
            StateNames names;
            if (!state.children.empty()) {
                names.done = add_event("done.state." + state.id);
            }
            if (state.deadline) {
                names.expired = add_event("deadline.expired." + state.id);
                names.approaching = add_event("deadline.approaching." + state.id);
            }
            index_.names.push_back(std::move(names));
            index_.state_positions.emplace(state.id, i);
            index_.has_contracts = index_.has_contracts || !state.always_true.empty();
            auto& histories = index_.histories.emplace_back();
            for (const StateIndex child : state.children) {
                if (definition_.state(child).type == StateType::history) {
                    histories.push_back(child);
                }
            }
        }
    }

    void add_descriptors(TransitionIndex index) {
        for (const std::string& descriptor : definition_.transitions[index].events) {
            std::string_view stem = descriptor;
            if (stem.ends_with('*')) {
                stem.remove_suffix(std::min<std::size_t>(stem.size(), 2));
            } else {
                add_event(descriptor);
            }
            by_stem_[stem].push_back(index);
        }
    }

    /// Whatever may match has a descriptor that is the name, or its beginning up to a dot.
    void list_candidates(KnownEvent& event) {
        std::vector<TransitionIndex>& candidates = event.candidates;
        const std::string_view name = event.name.view();
        for (std::size_t end = 0; end != std::string_view::npos;
             end = end == name.size() ? std::string_view::npos
                                      : std::min(name.find('.', end + 1), name.size())) {
            const auto found = by_stem_.find(name.substr(0, end));
            if (found == by_stem_.end()) {
                continue;
            }
            for (const TransitionIndex index : found->second) {
                // The few more make sure of it although one may stand here twice.
                if (candidates.size() <= 4 * listed_candidates_max &&
                    matches(definition_, definition_.transitions[index], name)) {
                    candidates.push_back(index);
                }
            }
        }
        order(event);
    }

    void order(KnownEvent& event) const {
        std::vector<TransitionIndex>& candidates = event.candidates;
        std::ranges::sort(candidates, {}, [&](TransitionIndex index) {
            // Both counts fit: a source deeper in the document has the smaller first part.
            return std::pair(~definition_.transitions[index].source, index);
        });
        const auto repeated = std::ranges::unique(candidates);
        candidates.erase(repeated.begin(), repeated.end());
        if (candidates.size() > listed_candidates_max) {
            candidates.clear();
            event.is_walked = true;
        }
        candidates.shrink_to_fit();
    }

    [[nodiscard]] Route route_of(TransitionIndex index) const {
        const Transition& transition = definition_.transitions[index];
        if (transition.targets.empty()) {
            return {.is_fixed = true};
        }
        const Snapshot nothing_stored;
        const EntrySet set = compute_entry_set(definition_, nothing_stored, std::span(&index, 1));
        if (set.asked_history) {
            return {};
        }
        Route route{.is_fixed = true,
                    .domain = get_transition_domain(definition_, nothing_stored, transition)};
        for (const StateIndex state : set.states) {
            route.entries.push_back(
                {.state = state, .by_default = contains_state(set.default_entry, state)});
        }
        return route;
    }

    const Definition& definition_;
    Index index_;
    /// Transitions by their descriptors, without a `.*` or `*` at the end.
    std::unordered_map<std::string_view, std::vector<TransitionIndex>> by_stem_;
};

}  // namespace

std::size_t NameHash::operator()(std::string_view name) const noexcept {
    return name.size() >= sizeof(std::uint64_t)   ? mix_words<std::uint64_t>(name)
           : name.size() >= sizeof(std::uint32_t) ? mix_words<std::uint32_t>(name)
           : name.empty()                         ? 0
                                                  : mix_words<std::uint8_t>(name);
}

const KnownEvent* Index::find_event(std::string_view name) const {
    const auto found = event_positions.find(name);
    return found == event_positions.end() ? nullptr : &events[found->second];
}

void complete_item(const Definition& definition, Assign::Item& item) {
    std::string joined;
    for (const std::string& name : item.path) {
        joined += (joined.empty() ? "" : ".") + name;
    }
    item.name = std::move(joined);
    const auto field =
        item.path.empty() ? std::nullopt : context_position(definition, item.path.front());
    item.field = field.value_or(definition.context.size());
}

void complete(Definition& definition) {
    Indexing indexing(definition);
    for (const char* name : {"error.execution", "error.communication"}) {
        indexing.add_event(name);
    }
    for (State& state : definition.states) {
        for (DelayedEvent& delayed : state.after) {
            delayed.event = indexing.add_event(delayed.event);
        }
    }
    for_each_action(definition, [&](Action& action) {
        if (auto* assign = std::get_if<Assign>(&action.node)) {
            for (Assign::Item& item : assign->items) {
                complete_item(definition, item);
            }
        } else if (auto* raise = std::get_if<Raise>(&action.node)) {
            raise->event = indexing.add_event(raise->event);
        }
    });
    definition.index.value = std::make_shared<const Index>(indexing.take());
}

}  // namespace sillage
