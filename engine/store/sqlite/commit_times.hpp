#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace sillage {

/// What one synced commit of the log took.
struct CommitTimes {
    std::size_t entry_count = 0;
    /// From its first statement to its last.
    std::chrono::nanoseconds whole{};
    /// Of that, COMMIT: the WAL is written, and the disk has it.
    std::chrono::nanoseconds sync{};
};

/// Called by the committer's thread after each commit that succeeded.
using CommitObserver = std::function<void(const CommitTimes&)>;

}  // namespace sillage
