#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/me") {
    TEST_CASE("the caller learns who it is and what it may see") {
        World world;
        const std::string cluster = world.cluster("A");
        const std::string id =
            world.account("ana", R"([{"role":"manager","cluster":")" + cluster + R"("}])");

        const auto me = world.get("/v1/me", "ana");

        CHECK(me.text_at("/id") == id);
        CHECK(me.text_at("/name") == "ana");
        CHECK(me.text_at("/rights") == R"(["manager"])");
        CHECK(me.text_at("/sees/everything") == "false");
        CHECK(me.text_at("/sees/clusters/0") == cluster);
        CHECK(world.get("/v1/me").text_at("/rights") == R"(["admin"])");
        CHECK(world.get("/v1/me", "").status == 401);
        CHECK(world.get("/v1/me", "").header("WWW-Authenticate").starts_with("Bearer"));
    }
}
