#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Case;
using test::World;

TEST_SUITE("routes/accounts") {
    TEST_CASE("an account is made, read, changed and listed") {
        World world;

        const auto made = world.post("/v1/accounts", R"({"name":"Ana","email":"ana@example.org",)"
                                                     R"("roles":[{"role":"mentor"}]})");
        const std::string path = made.header("Location");
        const auto renamed = world.patch(path, R"({"name":"Anna","email":null})");

        CHECK(made.status == 201);
        CHECK(made.text_at("/id").starts_with("acc_"));
        CHECK(made.text_at("/roles") == R"([{"role":"mentor"}])");
        CHECK(renamed.text_at("/name") == "Anna");
        CHECK(renamed.text_at("/email") == "null");
        CHECK(renamed.text_at("/roles") == R"([{"role":"mentor"}])");
        CHECK(renamed.text_at("/revision") == "2");
        CHECK(world.get("/v1/accounts").text_at("/items/0/name") == "Anna");
        CHECK(world.get(path).text.find("bindings") == std::string::npos);
    }

    TEST_CASE("an e-mail address is one account's, and finds it") {
        World world;
        const auto make = [&](const std::string& email) {
            return world.post("/v1/accounts", R"({"name":"X","email":")" + email + R"("})");
        };
        const auto ana = make("Ana@example.org");
        const auto bob = make("bob@example.org");
        const std::string path = bob.header("Location");

        CHECK(make("ana@EXAMPLE.org").status == 409);
        CHECK(world.patch(path, R"({"email":"ana@example.org"})").text_at("/pointer") == "/email");
        CHECK(world.patch(path, R"({"email":"BOB@example.org"})").status == 200);
        CHECK(world.get("/v1/accounts?email=ANA%40example.org").text_at("/items/0/id") ==
              ana.text_at("/id"));
        CHECK(world.get("/v1/accounts?email=x%40example.org").text_at("/items") == "[]");
        CHECK(world.patch(path, R"({"email":null})").status == 200);
        CHECK(make("bob@example.org").status == 201);
    }

    TEST_CASE("taking a role away takes its rights away at once") {
        World world;
        const std::string id = world.account("ana", R"([{"role":"admin"}])");
        CHECK(world.get("/v1/accounts/" + id, "ana").status == 200);

        CHECK(world.patch("/v1/accounts/" + id, R"({"roles":[]})").status == 200);

        CHECK(world.post("/v1/clusters", R"({"name":"X"})", "ana").status == 403);
        CHECK(world.get("/v1/accounts/" + id, "ana").status == 200);
    }

    TEST_CASE("what an account may not be is refused with its place") {
        World world;
        const auto post = [](std::string body) {
            return test::Ask{.method = "POST", .path = "/v1/accounts", .body = std::move(body)};
        };
        std::string many = R"({"name":"X","roles":[)";
        for (int count = 0; count <= 100; ++count) {
            many += count == 0 ? R"({"role":"a"})" : R"(,{"role":"a"})";
        }

        check_cases(
            world,
            {{"no name", post(R"({"roles":[]})"), 400, {"/name"}},
             {"an empty name", post(R"({"name":""})"), 400, {"/name"}},
             {"a bad address", post(R"({"name":"X","email":"x"})"), 400, {"/email"}},
             {"an unknown member",
              post(R"({"name":"X","role":[]})"),
              400,
              {"did you mean", "roles"}},
             {"a role without name", post(R"({"name":"X","roles":[{}]})"), 400, {"/roles/0/role"}},
             {"a role of another shape",
              post(R"({"name":"X","roles":["sme"]})"),
              400,
              {"/roles/0"}},
             {"a role misnamed",
              post(R"({"name":"X","roles":[{"role":"a b"}]})"),
              400,
              {"/roles/0/role"}},
             {"an unknown scope",
              post(R"({"name":"X","roles":[{"role":"a","compny":"c"}]})"),
              400,
              {"/roles/0/compny", "company"}},
             {"too many roles", post(many + "]}"), 400, {"/roles"}}});
    }

    TEST_CASE("accounts of others are hidden") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const std::string foreign =
            world.account("other", R"([{"role":"manager","cluster":")" + b + R"("}])");
        const std::string own =
            world.account("own", R"([{"role":"mentor","cluster":")" + a + R"("}])");
        const auto as_manager = [](std::string method, std::string path, std::string body = "") {
            return test::Ask{.method = std::move(method),
                             .path = std::move(path),
                             .as = "manager",
                             .body = std::move(body),
                             .content_type = "application/merge-patch+json"};
        };

        check_cases(
            world,
            {{"read another's",
              as_manager("GET", "/v1/accounts/" + foreign),
              404,
              {"There is no account"}},
             {"read none", as_manager("GET", "/v1/accounts/acc_no"), 404, {"There is no account"}},
             {"list", as_manager("GET", "/v1/accounts"), 200, {own, "manager"}, {foreign}},
             {"change another's", as_manager("PATCH", "/v1/accounts/" + foreign, "{}"), 404},
             {"change one's own people",
              as_manager("PATCH", "/v1/accounts/" + own, R"({"name":"N"})"), 200},
             {"a mentor makes none",
              {.method = "POST", .path = "/v1/accounts", .as = "own", .body = "{}"},
              403,
              {"mentor"}}});
    }
}
