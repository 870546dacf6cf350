#include "engine/model/snapshot.hpp"

#include <algorithm>

namespace sillage {

const Child* find_running_child(const Snapshot& snapshot, std::uint64_t serial) {
    const auto found = std::ranges::find(snapshot.children, serial, &Child::serial);
    return found == snapshot.children.end() || found->done ? nullptr : &*found;
}

bool is_active(const Snapshot& snapshot, StateIndex state) {
    return std::ranges::binary_search(snapshot.configuration, state);
}

}  // namespace sillage
