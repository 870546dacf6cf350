#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/shared_value.hpp"
#include "engine/model/audience.hpp"
#include "engine/model/snapshot.hpp"

namespace sillage {

/// In whose place an actor acts, by which delegation and why.
struct Behalf {
    Name id = {};
    std::string delegation = {};
    std::string reason = {};

    bool operator==(const Behalf&) const = default;
};

/// Who acts. Ex. `{"acc_…", {"sme"}}`; the engine itself is `{"system", {"system"}}`.
struct Actor {
    /// Of the person at the keyboard, also when it acts in another's place.
    Name id = {};
    /// The workflow roles it holds for this instance; in another's place, those lent to it.
    std::vector<std::string> roles = {};
    Rare<Behalf> on_behalf_of = {};

    bool operator==(const Actor&) const = default;
};

/// The actor of timers, sends and whatever else nobody in particular causes.
[[nodiscard]] inline Actor system_actor() { return Actor{.id = "system", .roles = {"system"}}; }

enum class EventOrigin {
    account,  ///< a person or an integration: `by` and `form` are asked
    timer,    ///< `Event::timer` is due
    queue,    ///< the front of Snapshot::queue
    engine,   ///< from the engine itself
    child,    ///< from the invoked child `Event::child`: its send, its end or its failure
    parent,   ///< from the instance that invoked this one: its send, or what it forwards
    peer,     ///< from another instance of the same family, addressed by its session id
};

/// Names of engine events that are no transitions' business; the log has them.
inline constexpr std::string_view start_event = "$start";
/// The parent left the state that invoked this instance: everything is exited, nobody is told.
inline constexpr std::string_view cancel_event = "$cancel";

/// An external event.
struct Event {
    Name name = {};
    /// An object, or null for none.
    boost::json::value data = nullptr;
    EventOrigin origin = EventOrigin::account;
    /// Id of the timer that is due; 0 for other origins.
    std::uint64_t timer = 0;
    /// Child::serial of the child that it comes from; 0 for other origins.
    std::uint64_t child = 0;
    /// `id` of the `send` that caused it; empty without one.
    std::string send_id = {};
    /// Instance id of the sender; empty for an account, a timer and the engine.
    std::string sender = {};

    bool operator==(const Event&) const = default;
};

/// Whether the event tells of a child's end, or that it could not start: those come from the
/// engine, and a child that sends an event of such a name is its sender.
[[nodiscard]] inline bool is_end_of_child(const Event& event) {
    return event.origin == EventOrigin::child && event.sender.empty();
}

/// Whether the event is the `$cancel` of the engine, not one that a parent sends by that name.
[[nodiscard]] inline bool is_cancel(const Event& event) {
    return event.origin == EventOrigin::parent && event.sender.empty() &&
           event.name == cancel_event;
}

/// Who invoked an instance.
struct ParentLink {
    std::string instance = {};
    /// Child::invoke_id and Child::serial there.
    std::string invoke_id = {};
    std::uint64_t serial = 0;

    bool operator==(const ParentLink&) const = default;
};

/// Everything a step reads besides definition and snapshot.
struct Input {
    Event event = {};
    Actor actor = {};
    Instant now = {};
    /// Id of the instance itself: SCXML's `_sessionid`.
    std::string instance = {};
    std::optional<ParentLink> parent = {};
    /// The subject's records, in the API's shape; empty objects when there is none.
    SharedValue<boost::json::object> company = {};
    SharedValue<boost::json::object> cohort = {};
    /// BCP 47 tags for the sentences of a refusal, best first. Changes nothing that is stored.
    std::vector<std::string> languages = {};
    /// For whom they are. Changes nothing that is stored.
    Audience audience = Audience::staff;

    bool operator==(const Input&) const = default;
};

/// A transition that was taken.
struct TakenTransition {
    TransitionIndex transition = 0;
    /// Name of the event; empty for an eventless one.
    Name event = {};

    bool operator==(const TakenTransition&) const = default;
};

struct ExitedState {
    StateIndex state = 0;

    bool operator==(const ExitedState&) const = default;
};

struct EnteredState {
    StateIndex state = 0;

    bool operator==(const EnteredState&) const = default;
};

/// An internal event was put on the queue.
struct RaisedEvent {
    Name event = {};
    boost::json::value data = nullptr;

    bool operator==(const RaisedEvent&) const = default;
};

/// A context field was set. `path` is joined by dots.
struct AssignedField {
    Name path = {};
    boost::json::value value = nullptr;

    bool operator==(const AssignedField&) const = default;
};

/// A guard or a block failed; `error.execution` was raised.
struct FailedBlock {
    std::string message = {};
    Place place = {};

    bool operator==(const FailedBlock&) const = default;
};

/// An effect was asked for here: its 0-based position in Step::effects. Keeps the two lists in one
/// order, for whoever tells the step as a story.
struct CausedEffect {
    std::size_t effect = 0;

    bool operator==(const CausedEffect&) const = default;
};

/// What happened inside a step, in order.
using TraceItem = std::variant<TakenTransition, ExitedState, EnteredState, RaisedEvent,
                               AssignedField, FailedBlock, CausedEffect>;
using Trace = std::vector<TraceItem>;

struct StartTimer {
    Timer timer = {};

    bool operator==(const StartTimer&) const = default;
};

/// A timer that will not fire: its state was left, its send cancelled, its deadline moved.
struct CancelTimer {
    std::uint64_t id = 0;
    Name event = {};

    bool operator==(const CancelTimer&) const = default;
};

/// A domain event.
struct Emit {
    Name type = {};
    boost::json::value data = nullptr;

    bool operator==(const Emit&) const = default;
};

/// A message to whoever holds the role; one text per language of the definition's Text.
struct Notify {
    Name role = {};
    std::vector<std::pair<std::string, std::string>> texts = {};

    bool operator==(const Notify&) const = default;
};

enum class Recipient { self, parent, child, peer };

/// An event for a parent or a child, or an undelayed one for this instance (then also queued).
struct Send {
    Name event = {};
    boost::json::value data = nullptr;
    /// As written; empty: this instance.
    std::string to = {};
    std::string send_id = {};
    Recipient recipient = Recipient::self;
    /// Child::serial of a child; 0 for others.
    std::uint64_t child = 0;
    /// Instance id of a peer; empty for others.
    std::string peer = {};
    /// The account's event itself, which the child judges by its own `by` and `form`.
    bool forwarded = false;

    bool operator==(const Send&) const = default;
};

struct Log {
    boost::json::value value = nullptr;

    bool operator==(const Log&) const = default;
};

/// An invoke: an instance to start, whose parent link names this one and `child.serial`. The shell
/// starts it in the same transaction and tells the parent how it went: its sends,
/// `done.invoke.ID` with its output, or `error.communication.ID` when it cannot start (plain
/// `error.communication` in SCXML).
struct StartChild {
    Child child = {};
    /// Name and version of a workflow, as Invoke.
    std::string workflow = {};
    std::optional<std::int64_t> version = {};
    std::optional<std::size_t> inlined = {};
    /// What SCXML's `srcexpr` or `content expr` gave; empty without one.
    std::string source = {};
    /// The child's context values.
    boost::json::object input = {};

    bool operator==(const StartChild&) const = default;
};

/// The state that invoked it was left while it ran: `$cancel` goes to it.
struct CancelChild {
    std::uint64_t serial = 0;
    std::string invoke_id = {};

    bool operator==(const CancelChild&) const = default;
};

/// What the shell has to do after the commit. In execution order.
using Effect =
    std::variant<StartTimer, CancelTimer, Emit, Notify, Send, Log, StartChild, CancelChild>;

/// The outcome of one macrostep.
struct Step {
    Snapshot after = {};
    Trace trace = {};
    std::vector<Effect> effects = {};
    /// Nothing takes the account's event here; the step counts only if one of the children to whom
    /// it forwards the event does.
    bool awaits_child = false;

    bool operator==(const Step&) const = default;
};

}  // namespace sillage
