#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/action.hpp"
#include "engine/model/calendar.hpp"
#include "engine/model/schema.hpp"

namespace sillage {

inline constexpr StateIndex root_state = 0;

enum class StateType { atomic, compound, parallel, final, history };
enum class HistoryType { shallow, deep };

/// One clause of a guard and the sentence that explains it.
struct GuardClause {
    Expression check = {};
    Text otherwise = {};

    bool operator==(const GuardClause&) const = default;
};

/// What makes the engine consider a transition.
enum class Trigger {
    event,      ///< `on`, `onDone`, `onError`, `after`, a deadline: `events` match
    eventless,  ///< `always`
};

/// A transition, or one of several that an event tries in order.
struct Transition {
    StateIndex source = root_state;
    Trigger trigger = Trigger::event;
    /// Descriptors: dot-separated tokens, or ending in `.*`, or `*`. Ex. `compliance.done`.
    std::vector<std::string> events = {};
    /// In file order; empty: taken without leaving or entering anything.
    std::vector<StateIndex> targets = {};
    /// Targets are all proper descendants of a compound source (or the root), and no `reenter`.
    bool internal = false;
    /// All must hold, in order.
    std::vector<GuardClause> guard = {};
    /// Roles that may take it by an account's event. `system`: the engine alone.
    /// Empty: any declared role.
    std::vector<std::string> by = {};
    /// What the event's data must be; without one it must be empty.
    std::optional<std::vector<Field>> form = {};
    Block actions = {};
    Text title = {};
    Text description = {};
    boost::json::value meta = nullptr;
    /// Where its event, or the list item, stands in the file.
    Place place = {};

    bool operator==(const Transition&) const = default;
};

/// `initial` of a state, or the default of a history: targets with actions of their own.
struct DefaultEntry {
    std::vector<StateIndex> targets = {};
    Block actions = {};

    bool operator==(const DefaultEntry&) const = default;
};

/// `after` of a state: a timer from its entry to its exit.
struct DelayedEvent {
    Delay delay = {};
    /// `after.<state id>.<ISO duration>`
    Name event = {};

    bool operator==(const DelayedEvent&) const = default;
};

/// `deadline` of a state. What it does on expiry is a Transition of the state on
/// `deadline.expired.<state id>`, when it has a target or actions.
struct Deadline {
    /// Exactly one of the two.
    std::optional<Delay> within = {};
    std::optional<Expression> at = {};
    /// How long before the end each reminder comes, in file order.
    std::vector<Delay> remind = {};
    /// Role that is notified on expiry; empty: none.
    std::string escalate = {};
    /// Re-entry through history resumes the time that was left.
    bool keep = false;
    Place place = {};

    bool operator==(const Deadline&) const = default;
};

struct Definition;

/// A child workflow that a state runs from its entry to its exit. Exactly one of `workflow`,
/// `inlined` and `source` says which.
struct Invoke {
    /// By which `send` finds the child, and part of `done.invoke.ID`. In YAML the state's id unless
    /// given; empty in SCXML: made when invoked, `STATEID.N`.
    std::string id = {};
    /// SCXML's `idlocation`: the context field that a made id is assigned to; empty: none.
    std::vector<std::string> id_location = {};
    /// Name of a workflow; the version is the latest when none is given.
    std::string workflow = {};
    std::optional<std::int64_t> version = {};
    /// Position in Definition::inlined: a document inside this one, or a neighbour read with it.
    std::optional<std::size_t> inlined = {};
    /// SCXML's `srcexpr` or `content expr`: a path below the document's folder, or a document.
    std::optional<Expression> source = {};
    /// SCXML's `type`; a null literal: SCXML.
    ValueTemplate type = {};
    /// The child's context values, a mapping; a null literal: none.
    ValueTemplate input = {};
    /// One child per element: `ID.0`, `ID.1`, …; `done.invoke.ID` comes when all are done.
    struct Each {
        Expression in = {};
        /// Names of the element and, when not empty, of its 0-based position, in `input`.
        std::string as = {};
        std::string index = {};
        std::size_t as_slot = 0;
        std::size_t index_slot = 0;

        bool operator==(const Each&) const = default;
    };
    std::optional<Each> each = {};
    /// Passes every external event of this instance on to the child.
    bool forward = false;
    /// SCXML's `finalize`: run before an event of the child is processed.
    std::optional<Block> finalize = {};
    Place place = {};

    bool operator==(const Invoke&) const = default;
};

/// SCXML's `data`: the first value of a context field. Nothing: null.
struct DataElement {
    /// Position in Definition::context.
    std::size_t field = 0;
    std::optional<ValueTemplate> value = {};
    Place place = {};

    bool operator==(const DataElement&) const = default;
};

/// A node of the statechart. State 0 is the document itself: compound or parallel, id empty.
struct State {
    /// Dotted path from the top. Ex. `readiness.assessment`. In SCXML the document's id, or one
    /// made for a state without; unique either way.
    std::string id = {};
    /// Last part of the path.
    std::string name = {};
    /// The `id:` key, by which `#id` targets find it; empty without one.
    std::string alias = {};
    StateType type = StateType::atomic;
    HistoryType history = HistoryType::shallow;
    /// The root's is itself.
    StateIndex parent = root_state;
    /// In document order, history states included.
    std::vector<StateIndex> children = {};
    /// One past the last descendant: the descendants of s are s+1 … end-1.
    StateIndex end = 0;
    Text title = {};
    /// By role.
    std::vector<std::pair<std::string, Text>> title_for = {};
    Text description = {};
    std::vector<std::string> tags = {};
    boost::json::value meta = nullptr;
    /// Of a compound: where it starts. Of a history: what it stands for while nothing is stored.
    DefaultEntry initial = {};
    /// Each block fails for itself; YAML gives at most one, SCXML several.
    std::vector<Block> entry = {};
    std::vector<Block> exit = {};
    /// In document order.
    std::vector<TransitionIndex> transitions = {};
    std::vector<DelayedEvent> after = {};
    std::optional<Deadline> deadline = {};
    /// A role, or empty.
    std::string waiting_for = {};
    /// Of a final state: the data of its done event; nothing without one.
    std::optional<ValueTemplate> output = {};
    /// Started in this order once a macrostep ends with the state active.
    std::vector<Invoke> invokes = {};
    /// SCXML's; the root's are the document's.
    std::vector<DataElement> data = {};
    /// Must hold while it is active.
    std::vector<Expression> always_true = {};
    Place place = {};

    bool operator==(const State&) const = default;
};

struct Role {
    std::string name = {};
    Text title = {};
    /// API rights it states: `admin manager mentor company evaluator auditor integration`, or
    /// empty for reading and acting on the instances it is bound to.
    std::string rights = {};

    bool operator==(const Role&) const = default;
};

/// What a definition was written in decides some semantics (language.md, sections 7 and 8): a
/// SCXML document discards an event that enables nothing, and matches `done.state` by tokens.
enum class Dialect { workflow, scxml };

struct Index;

/// Something that follows from the rest of its owner: shared by copies, and never a difference.
template <class T>
struct Derived {
    std::shared_ptr<const T> value = nullptr;

    const T* operator->() const { return value.get(); }
    const T& operator*() const { return *value; }
    bool operator==(const Derived&) const { return true; }
};

/// A workflow version, read and compiled. Immutable; shared between threads once built.
struct Definition {
    Dialect dialect = Dialect::workflow;
    std::string name = {};
    std::int64_t version = 1;
    /// `sha256:` and 64 hexadecimal digits of the file's bytes. Of an inlined definition: its
    /// outer one's, `#` and its position there.
    std::string hash = {};
    Text title = {};
    Text description = {};
    WorkCalendar calendar = {};
    std::vector<Role> roles = {};
    std::vector<Field> context = {};
    boost::json::value meta = nullptr;
    /// Document order: every state before its descendants, siblings in file order.
    std::vector<State> states = {};
    /// Document order of their sources, then file order.
    std::vector<Transition> transitions = {};
    /// SCXML's `binding="late"`: a state's data are set when it is first entered.
    bool late_binding = false;
    /// SCXML documents that invokes of this one contain or refer to by `src`.
    std::vector<std::shared_ptr<const Definition>> inlined = {};
    /// By position there: the path below the document's folder, by which `srcexpr` may name it;
    /// empty for one that the document contains.
    std::vector<std::string> inlined_paths = {};
    /// Slots that evaluation needs: builtins, context fields, loop variables.
    std::size_t slot_count = 0;
    /// The file as it was read.
    std::string source = {};
    /// Made by complete(); null before.
    Derived<Index> index = {};

    [[nodiscard]] const State& state(StateIndex at) const { return states[at]; }
    /// The state with that id, or nothing.
    [[nodiscard]] std::optional<StateIndex> find_state(std::string_view id) const;
    [[nodiscard]] bool is_descendant(StateIndex state, StateIndex ancestor) const {
        return state > ancestor && state < states[ancestor].end;
    }
    [[nodiscard]] const Role* find_role(std::string_view role) const;

    /// Inlined definitions are equal when they are the same objects.
    bool operator==(const Definition&) const = default;
};

/// `compliance.done` matches the descriptors `compliance.done`, `compliance`, `compliance.*`, `*`.
/// Deviation: ids have dots in a workflow, so there a descriptor that names the state of a
/// `done.state` or `deadline` event, or the child of a `done.invoke`, is matched whole:
/// `done.state.tracks` is not done when `tracks.one` is.
/// Source: SCXML 3.12.1.
[[nodiscard]] bool event_matches(std::string_view event, std::string_view descriptor,
                                 Dialect dialect = Dialect::workflow);

/// Whether a transition with descriptors waits for the event. Never true of an eventless one.
[[nodiscard]] bool matches(const Definition& definition, const Transition& transition,
                           std::string_view event);

/// Names beginning with `done.`, `error.`, `deadline.`, `after.` or `$` are the engine's: accounts
/// cannot send them, nor may `raise` and `send` name them.
[[nodiscard]] bool is_reserved_event(std::string_view name);

}  // namespace sillage
