#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/tokens") {
    TEST_CASE("a token is shown once and stops working when it is revoked") {
        World world;
        const std::string id = world.account("ana", R"([{"role":"mentor"}])");
        const std::string path = "/v1/accounts/" + id + "/tokens";
        const auto made = world.post(path, R"({"name":"phone"})");
        const std::string token = made.text_at("/token");
        CHECK(made.status == 201);
        CHECK(made.text_at("/id").starts_with("tok_"));
        CHECK(token.starts_with("sil_"));
        CHECK(world.get("/v1/me", token).text_at("/id") == id);

        const auto list = world.get(path, "ana");
        const auto revoked =
            world.ask({.method = "DELETE", .path = path + "/" + made.text_at("/id"), .as = "ana"});

        CHECK(list.text_at("/items/1/name") == "phone");
        CHECK(list.text.find("sil_") == std::string::npos);
        CHECK(revoked.status == 204);
        CHECK(world.get("/v1/me", token).status == 401);
        CHECK(world.get("/v1/me", "ana").status == 200);
        CHECK(world.get(path).text_at("/items/1/revoked_at") == "2027-01-01T00:00:00.000Z");
    }

    TEST_CASE("a token ends when it says") {
        World world;
        const std::string path = "/v1/accounts/" + world.account("ana", "[]") + "/tokens";
        const std::string token =
            world.post(path, R"({"name":"short","expires_at":"2027-01-02T00:00:00Z"})")
                .text_at("/token");

        CHECK(world.get("/v1/me", token).status == 200);
        world.now = world.now + Duration{86'400'000};
        CHECK(world.get("/v1/me", token).status == 401);
        CHECK(world.post(path, R"({"name":"x","expires_at":"2027-01-01T00:00:00Z"})").status ==
              400);
    }

    TEST_CASE("a repeat names the token that was made, without showing it again") {
        World world;
        const std::string path = "/v1/accounts/" + world.account("ana", "[]") + "/tokens";
        const test::Ask ask{.method = "POST",
                            .path = path,
                            .body = R"({"name":"x"})",
                            .headers = {{"Idempotency-Key", "k"}}};

        const auto first = world.ask(ask);
        const auto repeat = world.ask(ask);

        CHECK(world.get("/v1/me", first.text_at("/token")).status == 200);
        CHECK(repeat.status == 201);
        CHECK(repeat.header("Idempotency-Replayed") == "true");
        CHECK(repeat.text_at("/id") == first.text_at("/id"));
        CHECK(repeat.text_at("/token") == "null");
    }

    TEST_CASE("no token is made for others") {
        World world;
        const std::string admin = world.account("boss", R"([{"role":"admin"}])");
        const std::string ana = world.account("ana", R"([{"role":"manager"}])");
        const std::string path = "/v1/accounts/" + ana + "/tokens";
        CHECK(world.post("/v1/accounts/" + admin + "/tokens", R"({"name":"x"})", "ana").status ==
              404);
        CHECK(world.get("/v1/accounts/" + admin + "/tokens", "ana").status == 404);
        CHECK(world.ask({.method = "DELETE", .path = path + "/tok_no"}).status == 404);
    }
}
