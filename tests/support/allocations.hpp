#pragma once

#include <cstddef>

namespace sillage::test {

/// How often the program has asked `operator new` for memory so far.
[[nodiscard]] std::size_t allocation_count();

}  // namespace sillage::test
