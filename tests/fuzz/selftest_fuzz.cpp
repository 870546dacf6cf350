// A reader with a defect: shows that the driver finds it, keeps the input and fails.
#include "tests/fuzz/driver.hpp"

int main(int argc, char** argv) {
    const auto read = [](std::string_view input) {
        sillage::test::must(input.find("ab") == std::string_view::npos, "no a before b");
    };
    return sillage::test::fuzz_main(argc, argv, {.run = read, .words = {"a", "b"}});
}
