#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/runtime/loaded.hpp"

namespace sillage {

/// Instances that a runtime keeps decoded. Chosen: 5 KB each, so that what is busy fits and 100 MB
/// are the most.
inline constexpr std::size_t loaded_max = 20'000;

/// Instances as they were last accepted. The younger half of what is asked for stays.
class LoadedCache {
  public:
    /// Null: it is not known. Valid until the cache changes.
    [[nodiscard]] const Loaded* find(std::string_view id);
    void put(Loaded loaded);
    void drop(std::string_view id);
    void clear();

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Map = std::unordered_map<std::string, Loaded, Hash, std::equal_to<>>;

    /// Whatever is asked for moves to the young; when they are half of loaded_max, the old go.
    Map young_;
    Map old_;
};

}  // namespace sillage
