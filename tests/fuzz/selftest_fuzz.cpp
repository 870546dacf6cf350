// A reader with a defect: shows that the driver finds it, keeps the input and fails.
#include "tests/fuzz/driver.hpp"

namespace sillage::test {

FuzzTarget fuzz_target() {
    const auto read = [](std::string_view input) {
        must(input.find("ab") == std::string_view::npos, "no a before b");
    };
    return {.run = read, .words = {"a", "b"}};
}

}  // namespace sillage::test
