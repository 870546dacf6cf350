#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/runtime.hpp"

// Between load and append: what a request's steps come to, as a value. Nothing here writes, so a
// dry run is the same code, and whatever fails leaves nothing behind.

namespace sillage {

/// Most bytes of a snapshot. Chosen: as much as the largest request body, so that no instance
/// makes every further step slower than a request may be.
inline constexpr std::size_t snapshot_bytes_max = std::size_t{1024} * 1024;

struct Decision {
    Receipt receipt = {};
    /// One per step, in order.
    std::vector<InstanceWrite> writes = {};
    /// Set when the event was undone: the one write only tells of it.
    std::optional<Error> incident = {};
};

/// The first step of an instance and the sends it queues. `fresh` has everything but a snapshot.
/// Errors: as start; an instance that cannot start leaves no incident.
[[nodiscard]] Result<Decision> decide_start(const Loaded& fresh, const Input& input,
                                            const std::string& idempotency_key);

/// An event and the sends it queues. Errors: as step, but for incidents, which are decisions.
[[nodiscard]] Result<Decision> decide_event(const Loaded& before, const Input& input,
                                            const std::string& idempotency_key);

/// An account's event as a route gives it. Errors: as decide_event; stale.
[[nodiscard]] Result<Decision> decide_submit(const Loaded& loaded, const SubmitCommand& command,
                                             const Call& call);

/// Resolves the open incident of that sequence. Errors: not_found.
[[nodiscard]] Result<Decision> decide_resolution(const Loaded& before, const Input& input,
                                                 std::uint64_t sequence);

}  // namespace sillage
