#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// Ids of the active atomic states, document order; the final one's once the instance ended.
[[nodiscard]] std::vector<std::string> leaves_of(const Definition& definition,
                                                 const Snapshot& snapshot);

/// Sets what lists filter by, and the sequence, from the snapshot.
void set_columns(InstanceRecord& record, const Definition& definition, const Snapshot& snapshot);

/// The pending timers, without those that wait for their incident.
[[nodiscard]] std::vector<StoredTimer> stored_timers(const Snapshot& snapshot);

}  // namespace sillage
