#include "engine/base/nearest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace sillage;

TEST_SUITE("base/nearest") {
    TEST_CASE("the nearest known name is found, and none when all are far") {
        const std::array<std::string_view, 4> known{"score", "target", "title", "on"};

        CHECK(nearest("scroe", known) == "score");
        CHECK(nearest("tilte", known) == "title");
        CHECK(nearest("targets", known) == "target");
        CHECK(nearest("deadline", known).empty());
        CHECK(did_you_mean(nearest("oon", known)) == "; did you mean \"on\"?");
        CHECK(did_you_mean("").empty());
    }
}
