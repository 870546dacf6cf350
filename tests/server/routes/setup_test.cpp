#include "server/auth/one_time_code.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::ok;
using test::World;

namespace {

void give_code(World& world, std::string_view code) {
    const auto transaction = ok(world.store.begin());
    ok(transaction->set(server::setup_code_setting,
                        server::kept_code(code, Instant{world.now.milliseconds + 1000})));
    ok(transaction->commit());
}

}  // namespace

TEST_SUITE("routes/setup") {
    TEST_CASE("the one-time link makes one administrator") {
        World world;
        give_code(world, "the-code");

        CHECK(world.get("/setup/the-code", "").status == 200);
        const auto made = world.post("/v1/setup", R"({"code":"the-code","name":"Ana"})", "");
        const std::string token = made.text_at("/token");

        CHECK(made.status == 201);
        CHECK(made.header("Cache-Control") == "no-store");
        CHECK(world.get("/v1/me", token).text_at("/rights") == R"(["admin"])");
        CHECK(world.post("/v1/setup", R"({"code":"the-code"})", "").status == 404);
        CHECK(world.get("/setup/the-code", "").status == 404);
    }

    TEST_CASE("the page does the same for a browser") {
        World world;
        give_code(world, "the-code");

        const auto page = world.ask({.method = "POST", .path = "/setup/the-code", .as = ""});

        CHECK(page.status == 200);
        CHECK(page.text.find("sil_") != std::string::npos);
        CHECK(world.ask({.method = "POST", .path = "/setup/the-code", .as = ""}).status == 404);
    }

    TEST_CASE("TM43: without the code, after its end and a second time there is nothing") {
        World world;
        give_code(world, "the-code");
        const auto refused = [&](const std::string& code) {
            const auto json = world.post("/v1/setup", R"({"code":")" + code + R"("})", "");
            const auto page = world.ask({.method = "POST", .path = "/setup/" + code, .as = ""});
            CHECK(json.status == 404);
            CHECK(page.status == 404);
            CHECK(world.get("/setup/" + code, "").status == 404);
        };

        refused("another");
        world.now.milliseconds += 1000;
        refused("the-code");
        give_code(world, "the-next");
        CHECK(world.post("/v1/setup", R"({"code":"the-next"})", "").status == 201);
        refused("the-next");
        CHECK(world.get("/v1/accounts").at("/items").as_array().size() == 1);
    }

    TEST_CASE("no other code does, and none at all where none was given") {
        World world;
        CHECK(world.post("/v1/setup", R"({"code":"x"})", "").status == 404);
        give_code(world, "the-code");

        CHECK(world.get("/setup/another", "").status == 404);
        CHECK(world.post("/v1/setup", R"({"code":""})", "").status == 400);
    }
}
