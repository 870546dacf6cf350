#include "engine/runtime/loaded_cache.hpp"

#include <utility>

namespace sillage {

const Loaded* LoadedCache::find(std::string_view id) {
    const auto young = young_.find(id);
    if (young != young_.end()) {
        return &young->second;
    }
    const auto old = old_.find(id);
    if (old == old_.end()) {
        return nullptr;
    }
    Loaded found = std::move(old->second);
    old_.erase(old);
    const std::string key(id);
    put(std::move(found));
    return &young_.at(key);
}

void LoadedCache::put(Loaded loaded) {
    drop(loaded.record->id);
    if (young_.size() >= loaded_max / 2) {
        old_ = std::exchange(young_, {});
    }
    std::string id = loaded.record->id;
    young_.insert_or_assign(std::move(id), std::move(loaded));
}

void LoadedCache::drop(std::string_view id) {
    for (Map* map : {&young_, &old_}) {
        const auto found = map->find(id);
        if (found != map->end()) {
            map->erase(found);
        }
    }
}

void LoadedCache::clear() {
    young_.clear();
    old_.clear();
}

}  // namespace sillage
