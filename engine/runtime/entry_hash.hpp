#pragma once

#include "engine/store/record.hpp"

namespace sillage {

/// Gives the entry its hash: over all its members but `position`, `previous_hash` included, so
/// that each entry vouches for all before it.
void seal(Entry& entry);

/// Whether the entry has the hash that its members give.
[[nodiscard]] bool is_sealed(const Entry& entry);

}  // namespace sillage
