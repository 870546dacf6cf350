#include "server/routes/services.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/services") {
    TEST_CASE("ids carry their kind and time, and chance that differs") {
        World world;

        const auto first = world.services.new_id<CompanyTag>(world.now);
        const auto second = world.services.new_id<CompanyTag>(world.now);

        CHECK(first.value.starts_with("com_"));
        CHECK(first.value.substr(0, 14) == second.value.substr(0, 14));
        CHECK(first != second);
    }

    TEST_CASE("the sandbox is closed until it is wired") {
        CHECK_FALSE(server::SandboxDoor{}.is_open());
    }
}
