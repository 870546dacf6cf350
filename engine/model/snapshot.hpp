#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/flat_map.hpp"
#include "engine/base/name.hpp"
#include "engine/base/rare.hpp"
#include "engine/model/action.hpp"

namespace sillage {

enum class TimerKind { after, deadline, reminder, send };

/// What only the timer of a `send` has.
struct Sent {
    boost::json::value data = nullptr;
    /// `id` of the `send`; empty without one.
    std::string send_id = {};
    /// To whom it goes when due, as SendAction::to; empty: this instance.
    std::string to = {};

    bool operator==(const Sent&) const = default;
};

/// Nothing when there is nothing of it, so that equal timers have one form.
[[nodiscard]] Rare<Sent> sent_with(Sent sent);

/// A pending event with a due time.
struct Timer {
    /// Counts up within the instance: the order of starting.
    std::uint64_t id = 0;
    TimerKind kind = TimerKind::after;
    /// The state it belongs to; the root for a `send`.
    StateIndex state = 0;
    Name event = {};
    Instant due = {};
    Instant started = {};
    /// Made by sent_with.
    Rare<Sent> sent = {};
    /// Its macrostep ended in an incident: not tried again until that is resolved.
    bool failed = false;

    /// Of `sent`, or what stands for its absence.
    [[nodiscard]] const boost::json::value& data() const;
    [[nodiscard]] const std::string& send_id() const;
    [[nodiscard]] const std::string& to() const;

    bool operator==(const Timer&) const = default;
};

/// An undelayed `send` to this instance that waits for its own step.
struct QueuedEvent {
    Name event = {};
    boost::json::value data = nullptr;
    std::string send_id = {};

    bool operator==(const QueuedEvent&) const = default;
};

/// The last time an event was taken, and how often: `last('event')`.
struct LastTaken {
    Instant at = {};
    /// Account id, or `system`.
    Name by = {};
    std::int64_t count = 0;
    /// In whose place that account acted; empty: in its own.
    Name on_behalf_of = {};

    bool operator==(const LastTaken&) const = default;
};

/// What was left of a `keep` deadline when its state was exited.
struct KeptDeadline {
    Duration left = {};
    /// Of the reminders that had not come, how long until each, in order.
    std::vector<Duration> reminders_left = {};
    /// It had expired.
    bool expired = false;

    bool operator==(const KeptDeadline&) const = default;
};

/// A running child of an invoke. Its instance is the one whose parent link has this instance and
/// `serial`.
struct Child {
    /// Counts up within the instance, from 1.
    std::uint64_t serial = 0;
    /// Ex. `tracks`; of an `each` `tracks.0`.
    std::string invoke_id = {};
    StateIndex state = 0;
    /// Position in State::invokes.
    std::uint32_t invoke = 0;
    /// It has ended; kept while others of the same `each` run.
    bool done = false;
    /// What it ended with.
    boost::json::value output = nullptr;

    bool operator==(const Child&) const = default;
};

/// A macrostep that was undone because a limit was passed or a contract broken.
struct Incident {
    /// `microstep_limit`, `send_limit`, `contract_broken`, …
    std::string code = {};
    std::string message = {};
    std::string event = {};
    /// Of the log entry that tells it.
    std::uint64_t sequence = 0;

    bool operator==(const Incident&) const = default;
};

/// The values of a context. Copying one onto another reuses the memory of the values that are
/// there, which a step does with every snapshot and JSON's own assignment does not.
class ContextValues : public std::vector<boost::json::value> {
  public:
    using std::vector<boost::json::value>::vector;
    ContextValues() = default;
    ContextValues(const ContextValues&) = default;
    ContextValues(ContextValues&&) noexcept = default;
    ContextValues& operator=(const ContextValues& other);
    ContextValues& operator=(ContextValues&&) noexcept = default;
    ~ContextValues() = default;
};

/// All that is stored of an instance: a stable configuration and what it remembers.
struct Snapshot {
    /// Of the last log entry; 1 is the start.
    std::uint64_t sequence = 0;
    /// When that entry happened.
    Instant at = {};
    /// Active states, compound ones included, the root not, in document order; empty once the
    /// instance ended.
    std::vector<StateIndex> configuration = {};
    /// By history state: what it stands for.
    FlatMap<StateIndex, std::vector<StateIndex>> history = {};
    /// One for each of Definition::context, in its order; null with neither value nor default.
    ContextValues context = {};
    FlatMap<StateIndex, Instant> entered = {};
    /// By event name.
    FlatMap<Name, LastTaken> last = {};
    /// In order of id.
    std::vector<Timer> timers = {};
    std::uint64_t next_timer_id = 1;
    FlatMap<StateIndex, KeptDeadline> kept = {};
    /// Active states whose deadline has expired, in document order.
    std::vector<StateIndex> overdue = {};
    std::vector<QueuedEvent> queue = {};
    /// In order of serial.
    std::vector<Child> children = {};
    std::uint64_t next_child = 1;
    /// Ids made up so far, for sends and invokes without one (SCXML).
    std::uint64_t next_made_id = 1;
    /// A top-level final state was reached.
    bool done = false;
    /// The top-level final that ended it, once done.
    std::optional<StateIndex> ended_in = {};
    /// `output` of that final; null without one.
    boost::json::value output = nullptr;
    Rare<Incident> incident = {};

    bool operator==(const Snapshot&) const = default;
};

/// `to` becomes `from`, in the memory that it has. Quicker than `=`, which gives the same: most of
/// what a snapshot may hold is absent from most of them.
void copy_onto(Snapshot& to, const Snapshot& from);

/// The child of that serial, or null when there is none or it has ended.
[[nodiscard]] const Child* find_running_child(const Snapshot& snapshot, std::uint64_t serial);

[[nodiscard]] bool is_active(const Snapshot& snapshot, StateIndex state);

}  // namespace sillage
