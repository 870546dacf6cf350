#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/interpreter/detail/machine.hpp"

// invoke: the children of states, from the end of the macrostep that entered a state to its exit,
// and what goes between an instance and its relatives.

namespace sillage {

/// Who a `send` is for.
struct Addressee {
    Recipient recipient = Recipient::self;
    /// Child::serial of each: an `each` is addressed as a whole, or one by one.
    std::vector<std::uint64_t> children = {};
    /// Instance id of a peer.
    std::string peer = {};
};

/// Finds whom `to` means: `parent` or a running child's id; in SCXML `#_parent`, `#_INVOKEID` and
/// `#_scxml_SESSIONID`. Nothing: there is no such recipient, as far as this instance can know.
[[nodiscard]] std::optional<Addressee> find_recipient(const Machine& machine, std::string_view to);

/// Hands an event over: to the queue of this instance when `send.to` is empty or means it, to a
/// relative as an effect; `error.communication` is raised when there is no such recipient.
void post(Machine& machine, Send send);

/// Starts the invokes of the states that were entered and not exited since the last call, in
/// document order. One whose expressions fail is not started, and `error.execution` raised.
void start_invokes(Machine& machine);

/// The state is left: its running children are cancelled, all of them forgotten.
void cancel_invokes(Machine& machine, StateIndex state);

/// The event that is processed comes from a child: runs `finalize`, and notes its end.
void receive_from_child(Machine& machine);

/// Passes the external event on to the children that have it forwarded; how many do.
std::size_t forward_event(Machine& machine);

}  // namespace sillage
