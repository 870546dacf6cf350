#include "tests/fuzz/driver.hpp"

int main(int argc, char** argv) {
    return sillage::test::fuzz_main(argc, argv, sillage::test::fuzz_target());
}
