#include "engine/model/snapshot.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/snapshot") {
    TEST_CASE("a state is active when the configuration has it") {
        const Snapshot snapshot{.configuration = {0, 2, 5}};

        CHECK(is_active(snapshot, 2));
        CHECK_FALSE(is_active(snapshot, 3));
        CHECK_FALSE(is_active(Snapshot{}, 0));
    }
}
