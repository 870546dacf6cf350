#pragma once

#include <string>

#include "engine/runtime/runtime.hpp"

// A step in stored form: the entry of the log that tells of it, the columns and timers that follow
// from it. Nothing here writes.

namespace sillage {

/// Most bytes of a snapshot. Chosen: as much as the largest request body, so that no instance
/// makes every further step slower than a request may be.
inline constexpr std::size_t snapshot_bytes_max = std::size_t{1024} * 1024;

/// What an entry has that does not follow from the step.
struct EntryMark {
    std::string idempotency_key = {};
    std::string salt = {};
    std::string trace = {};
};

/// Takes a step on: `member` stands as the step leaves it, whose `after` is taken out.
/// Errors: limit_exceeded: what it would store is too large; the member is as it was.
[[nodiscard]] Result<InstanceWrite> enter_step(Loaded& member, const Input& input, Step& step,
                                               const EntryMark& mark);

/// The same for an event that was undone; not measured, since it has to be told in any case.
[[nodiscard]] InstanceWrite enter_incident(Loaded& member, const Input& input, const Error& error,
                                           const EntryMark& mark);

/// The same for a step that was taken before: key, salt and trace are those of the stored entry.
[[nodiscard]] InstanceWrite enter_again(Loaded& member, const Input& input, Step& step,
                                        const Entry& stored);

}  // namespace sillage
