#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/clusters") {
    TEST_CASE("an administrator makes clusters, and those in them see them") {
        World world;
        const auto made =
            world.post("/v1/clusters", R"({"name":"Cosmetic Valley","country":"FR"})");
        const std::string id = made.text_at("/id");
        const std::string other = world.cluster("Beauty Cluster");
        world.account("manager", R"([{"role":"manager","cluster":")" + id + R"("}])");

        CHECK(made.status == 201);
        CHECK(made.text_at("/name") == "Cosmetic Valley");
        CHECK(made.text_at("/country") == "FR");
        CHECK(made.header("Location") == "/v1/clusters/" + id);
        CHECK(world.get("/v1/clusters/" + id, "manager").text_at("/name") == "Cosmetic Valley");
        check_cases(
            world,
            {{"another cluster", {.path = "/v1/clusters/" + other, .as = "manager"}, 404},
             {"the list", {.path = "/v1/clusters", .as = "manager"}, 200, {id}, {other}},
             {"making one",
              {.method = "POST",
               .path = "/v1/clusters",
               .as = "manager",
               .body = R"({"name":"X"})"},
              403},
             {"a long country",
              {.method = "POST", .path = "/v1/clusters", .body = R"({"name":"X","country":"FRA"})"},
              400,
              {"/country"}},
             {"a name that turns round",
              {.method = "POST", .path = "/v1/clusters", .body = "{\"name\":\"a\u202eb\"}"},
              400,
              {"/name"}}});
    }
}
