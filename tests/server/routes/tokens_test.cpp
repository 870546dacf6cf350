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

    TEST_CASE("TM7: a revoked token is refused by the next request, also one that is well known") {
        World world;
        const std::string id = world.account("ana", R"([{"role":"admin"}])");
        const std::string path = "/v1/accounts/" + id + "/tokens";
        for (int count = 0; count < 100; ++count) {
            CHECK(world.get("/v1/accounts", "ana").status == 200);
        }
        const std::string token = world.get(path).text_at("/items/0/id");

        CHECK(world.ask({.method = "DELETE", .path = path + "/" + token}).status == 204);

        CHECK(world.get("/v1/accounts", "ana").status == 401);
        CHECK(world.get("/healthz", "ana").status == 200);
    }

    TEST_CASE("TM7: a token is good for a year at most, and for a year unless it says") {
        World world;
        const std::string path = "/v1/accounts/" + world.account("ana", "[]") + "/tokens";
        const auto until = [&](const std::string& at) {
            return world.post(path, R"({"name":"x","expires_at":")" + at + R"("})").status;
        };

        CHECK(world.post(path, R"({"name":"x"})").text_at("/expires_at") ==
              "2028-01-01T00:00:00.000Z");
        CHECK(until("2028-01-01T00:00:00Z") == 201);
        CHECK(until("2028-01-03T00:00:00Z") == 400);
        world.now = world.now + Duration{365LL * 86'400'000};
        CHECK(world.get("/v1/me", "ana").status == 401);
    }

    TEST_CASE("in a sandbox, whose clock may leap, a token that does not say is good for ever") {
        World world;
        world.services.sandbox.advance =
            [](Instant) -> server::net::awaitable<Result<server::SandboxDoor::Advanced>> {
            co_return server::SandboxDoor::Advanced{};
        };
        const std::string path = "/v1/accounts/" + world.account("ana", "[]") + "/tokens";

        CHECK(world.post(path, R"({"name":"x"})").text_at("/expires_at") == "null");
    }

    TEST_CASE("TM7: a token does what its scopes say, and makes none that does more") {
        World world;
        const std::string id = world.account("ana", R"([{"role":"admin"}])");
        const std::string path = "/v1/accounts/" + id + "/tokens";
        const auto token = [&](const std::string& scopes, const std::string& as) {
            return world.post(path, R"({"name":"x","scopes":)" + scopes + "}", as);
        };
        const std::string reads = token(R"(["read"])", "admin").text_at("/token");
        const std::string makes = token(R"(["accounts"])", "admin").text_at("/token");

        const auto refused = world.post("/v1/clusters", R"({"name":"X","country":"FR"})", reads);

        CHECK(world.get("/v1/clusters", reads).status == 200);
        CHECK(refused.status == 403);
        CHECK(refused.text_at("/detail") ==
              "The token is limited to read; this needs the scope registry.");
        CHECK(world.get("/v1/clusters", makes).status == 403);
        CHECK(token(R"(["read"])", makes).status == 403);
        CHECK(token("[]", makes).text_at("/scopes") == R"(["accounts"])");
        CHECK(token(R"(["raed"])", "admin").text_at("/pointer") == "/scopes/0");
        CHECK(world.get(path).text_at("/items/0/scopes") == "[]");
    }

    TEST_CASE("TM7: a list says when each token was last used") {
        World world;
        const std::string path = "/v1/accounts/" + world.account("ana", "[]") + "/tokens";
        const auto unused = world.post(path, R"({"name":"x"})");
        world.now = world.now + Duration{1000};
        world.get("/v1/me", "ana");

        const auto list = world.get(path);

        CHECK(unused.text_at("/last_used_at") == "null");
        CHECK(list.text_at("/items/0/last_used_at") == "2027-01-01T00:00:01.000Z");
        CHECK(list.text_at("/items/1/last_used_at") == "null");
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
