#include "engine/company/segment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace sillage;

TEST_SUITE("company/segment") {
    TEST_CASE("the value chain goes from ingredients to training, twelve segments, each once") {
        const auto segments = value_chain_segments();

        CHECK(std::set(segments.begin(), segments.end()).size() == 12);
        CHECK(segments.front() == "ingredients");
        CHECK(segments.back() == "training");
        CHECK(std::ranges::find(segments, "finished_products") != segments.end());
    }
}
