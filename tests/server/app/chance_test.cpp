#include "server/app/chance.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace sillage::server;

TEST_SUITE("app/chance") {
    TEST_CASE("chance does not repeat itself") {
        std::array<std::uint8_t, 16> first{};
        std::array<std::uint8_t, 16> second{};
        fill_with_chance(first);
        fill_with_chance(second);

        CHECK(first != second);
    }

    TEST_CASE("a share lies between nothing and all, on both sides of the middle") {
        int below = 0;
        for (int count = 0; count < 200; ++count) {
            const double share = chance();
            CHECK(share >= 0.0);
            CHECK(share <= 1.0);
            below += share < 0.5 ? 1 : 0;
        }
        CHECK(below > 0);
        CHECK(below < 200);
    }
}
