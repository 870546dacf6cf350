#include <doctest/doctest.h>

#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

TEST_SUITE("tidy/house") {
    TEST_CASE("this house keeps its rules") {
        const Tree tree = read_tree(SILLAGE_SOURCE_DIR);

        REQUIRE(tree.find("engine/base/result.hpp") != nullptr);
        for (const Finding& finding : check_house(tree)) {
            FAIL_CHECK(text_of(finding));
        }
    }
}

}  // namespace
}  // namespace sillage::test
