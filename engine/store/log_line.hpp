#pragma once

#include <cstdint>
#include <string>

namespace sillage {

/// A line of the log as it is stored, whatever it holds.
struct LogLine {
    std::uint64_t position = 0;
    /// As entry_text and payload_text wrote them. Nothing erases a payload yet.
    std::string body = {};
    std::string payload = {};
    std::string salt = {};
    std::string hash = {};
    /// As chain_hash gives it.
    std::string chain = {};
};

/// Up to which entry an instance's row has everything.
struct InstanceHead {
    std::string instance = {};
    std::uint64_t sequence = 0;
    /// Hash of that entry.
    std::string head = {};
    /// Of the snapshot that the row has; equals the entry's `after_hash`.
    std::string snapshot_hash = {};
};

}  // namespace sillage
