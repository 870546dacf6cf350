// What libFuzzer calls: the same one-input functions as our own driver, guided by coverage.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/driver.hpp"

// The name is libFuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sillage::test::FuzzTarget target = sillage::test::fuzz_target();
    target.run(std::string_view(reinterpret_cast<const char*>(data), size));
    return 0;
}
