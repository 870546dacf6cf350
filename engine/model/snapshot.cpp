#include "engine/model/snapshot.hpp"

#include <algorithm>

namespace sillage {

bool is_active(const Snapshot& snapshot, StateIndex state) {
    return std::ranges::binary_search(snapshot.configuration, state);
}

}  // namespace sillage
