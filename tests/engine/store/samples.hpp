#pragma once

#include <string>

#include "engine/store/store.hpp"

namespace sillage::test {

/// An instance's write at that sequence; everything else is made up of the two.
[[nodiscard]] InstanceWrite sample_write(const std::string& instance, std::uint64_t sequence);

/// A record of the first revision.
[[nodiscard]] Record sample_record(RecordKind kind, const std::string& id);

/// Restores what a store of such writes is behind by.
void restore(Store& store);

/// Writes and commits; the test ends when either fails.
void commit_write(Store& store, const InstanceWrite& write);
void commit_record(Store& store, const Record& record);

}  // namespace sillage::test
