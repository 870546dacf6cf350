#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/health") {
    TEST_CASE("liveness and readiness need no token") {
        World world;

        CHECK(world.get("/healthz", "").text == R"({"status":"ok"})");
        CHECK(world.get("/readyz", "").text == R"({"status":"ready"})");
        CHECK(world.get("/healthz?x=1", "").status == 400);
    }

    TEST_CASE("a full disk is alive, not ready, and acknowledges nothing") {
        World world;
        world.store.room = 0;

        CHECK(world.get("/healthz", "").status == 200);
        CHECK(world.get("/readyz", "").status == 503);
        const auto refused = world.post("/v1/clusters", R"({"name":"A"})");
        CHECK(refused.status == 503);
        CHECK(refused.text_at("/type") == "/problems/storage-full");
        CHECK(refused.header("Retry-After") == "1");
        CHECK(world.get("/v1/clusters").text_at("/items") == "[]");
    }
}
