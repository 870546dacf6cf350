#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/store/record.hpp"

namespace sillage {

/// Everything a MemoryStore holds. Rows are shared between copies and never changed.
struct MemoryState {
    template <class Row>
    using Pointer = std::shared_ptr<const Row>;

    std::map<std::string, Pointer<InstanceRecord>, std::less<>> instances = {};
    /// By workflow and key.
    std::map<std::pair<std::string, std::string>, std::string> keys = {};
    /// By parent and serial.
    std::map<std::pair<std::string, std::uint64_t>, std::string> children = {};
    /// By position: entry n stands at n - 1.
    std::vector<Pointer<Entry>> log = {};
    /// Positions of an instance's entries, oldest first.
    std::map<std::string, std::vector<std::uint64_t>, std::less<>> logs = {};
    std::map<std::string, std::map<std::int64_t, Pointer<DefinitionRecord>>, std::less<>>
        definitions = {};
    /// All revisions, the first at 0.
    std::map<std::pair<RecordKind, std::string>, std::vector<Pointer<Record>>> records = {};
    /// All revisions of all records.
    std::uint64_t record_count = 0;
    std::map<std::pair<RecordKind, std::string>, std::string> lookups = {};
    std::map<std::string, std::vector<StoredTimer>, std::less<>> timers = {};
    std::map<std::pair<std::string, std::string>, Pointer<StoredAnswer>> answers = {};
    std::map<std::string, std::string, std::less<>> settings = {};
};

}  // namespace sillage
