#include "tests/engine/store/fixture.hpp"

#include "engine/store/memory/memory_store.hpp"

namespace sillage::test {

OpenStore fresh_store() {
    return OpenStore{.store = std::make_unique<MemoryStore>(), .restart = [](OpenStore&) {}};
}

}  // namespace sillage::test
