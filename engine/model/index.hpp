#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// Transitions that an event's list holds at most; one with more candidates is looked for along
/// the active states. Chosen: past that the walk is as quick, and the index stays small.
inline constexpr std::size_t listed_candidates_max = 16;

/// Of a name, which most often is short: an event's is looked up several times in a step.
struct NameHash {
    std::size_t operator()(std::string_view name) const noexcept;
};

/// An event name that the definition mentions.
struct KnownEvent {
    /// The engine's own copy: equal names share their text.
    Name name = {};
    /// The transitions that match it, those of deeper states first, one state's in file order: for
    /// any one active atomic state the order in which selection considers them.
    std::vector<TransitionIndex> candidates = {};
    /// Accounts cannot send it.
    bool is_reserved = false;
    /// As is_event_name(name).
    bool is_event_name = false;
    /// There are more than listed_candidates_max; none is listed.
    bool is_walked = false;
};

/// Names of the events that the engine itself makes of a state.
struct StateNames {
    Name done = {};         ///< `done.state.ID`
    Name expired = {};      ///< `deadline.expired.ID`; empty without a deadline
    Name approaching = {};  ///< `deadline.approaching.ID`; empty without reminders
};

/// What taking a transition alone does to the tree, where no history state has a say in it.
struct Route {
    struct Entry {
        StateIndex state = 0;
        /// As in EntrySet::default_entry.
        bool by_default = false;

        bool operator==(const Entry&) const = default;
    };

    /// Nothing else here holds otherwise.
    bool is_fixed = false;
    /// Its active descendants are left; nothing: the transition has no targets.
    std::optional<StateIndex> domain = {};
    /// What is entered, document order.
    std::vector<Entry> entries = {};
};

/// What a step would otherwise look for, or spell, again and again.
struct Index {
    std::vector<KnownEvent> events = {};
    /// Position in `events`; the keys are texts of theirs.
    std::unordered_map<std::string_view, std::size_t, NameHash> event_positions = {};
    /// As KnownEvent, of eventless transitions.
    KnownEvent eventless = {};
    std::unordered_map<std::string_view, StateIndex> state_positions = {};
    /// By state.
    std::vector<StateNames> names = {};
    /// By state: its history children.
    std::vector<std::vector<StateIndex>> histories = {};
    /// By transition.
    std::vector<Route> routes = {};
    /// Some transition is eventless.
    bool has_eventless = false;
    /// Some state has an `always_true`.
    bool has_contracts = false;

    /// The known event of that name, or null.
    [[nodiscard]] const KnownEvent* find_event(std::string_view name) const;
};

/// Makes a definition ready to run: whoever reads one calls it last. Sets `index` and what actions
/// say of it; a definition that is changed afterwards must be completed again.
void complete(Definition& definition);

/// The same for one item of an assign.
void complete_item(const Definition& definition, Assign::Item& item);

}  // namespace sillage
