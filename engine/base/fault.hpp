#pragma once

/// Where the reliability tests break the program on purpose. In every build but that of the test
/// program `sillage_faulty` all of this is constant and leaves no trace in the code. There, its
/// command line says which one fault it has: tests/reliability/faulty.cpp.
///
/// A breakage is a mistake that somebody could make; the checks of tests/reliability have to see
/// each. A crash point is a moment at which losing the process must lose nothing.

namespace sillage {

enum class Breakage {
    ack_before_commit,     ///< a request is answered, its commit comes with a later one
    synchronous_normal,    ///< a commit does not wait for the disk
    answer_apart,          ///< the idempotent answer has a transaction of its own
    key_not_looked_up,     ///< a repeat is executed again
    payload_after_commit,  ///< effects, and so the messages, have a transaction of their own
    sequence_from_memory,  ///< a counter, which refused requests move, too
    stale_cached_read,     ///< a read is answered from a cache that nobody empties
    timer_claim_unlocked,  ///< two claim a due timer, and both fire it
    flush_retried,         ///< a commit that failed is taken for done
    sse_before_commit,     ///< the stream tells of an entry that is not on the disk yet
};

enum class CrashPoint {
    before_commit,   ///< all is written, nothing is committed
    after_commit,    ///< it is on the disk, nobody was answered
    mid_slice,       ///< some rows of a slice are written, not all of an instance's
    mid_checkpoint,  ///< pages are copied, the WAL still stands
    mid_migration,   ///< a migration's statements ran, its commit did not
};

#ifdef SILLAGE_FAULTS
[[nodiscard]] bool is_broken(Breakage breakage);
/// Ends the process by SIGKILL when this is the point and the passage that were asked for.
void crash_point(CrashPoint point);
#else
[[nodiscard]] constexpr bool is_broken(Breakage) { return false; }
constexpr void crash_point(CrashPoint) {}
#endif

}  // namespace sillage
