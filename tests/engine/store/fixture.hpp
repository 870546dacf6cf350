#pragma once

#include <functional>
#include <memory>

#include "engine/store/store.hpp"

namespace sillage::test {

/// A store with nothing in it, and what a restart does to it.
struct OpenStore {
    std::unique_ptr<Store> store = {};
    /// Closes it and opens what is left; a store that forgets stays as it is.
    std::function<void(OpenStore&)> restart = {};
    /// A commit waits for a disk.
    bool is_slow = false;
};

/// Each test program gives the backend that it tests: the same suites run over all of them.
[[nodiscard]] OpenStore fresh_store();

}  // namespace sillage::test
