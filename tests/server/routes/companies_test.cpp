#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/companies") {
    TEST_CASE("a company is kept with every field, those that are not known as null") {
        World world;
        const std::string cluster = world.cluster("A");

        const auto made = world.post(
            "/v1/companies",
            R"({"cluster":")" + cluster +
                R"(","name":"Maison Exemple","country":"FR","segment":"finished_products",)"
                R"("headcount":18,"turnover_eur":2400000,"website":"https://maison.example"})");

        CHECK(made.status == 201);
        CHECK(made.text_at("/id").starts_with("com_"));
        CHECK(made.text_at("/headcount") == "18");
        CHECK(made.text_at("/turnover_eur") == "2400000");
        CHECK(made.text_at("/balance_sheet_eur") == "null");
        CHECK(made.text_at("/revision") == "1");
        CHECK(made.text_at("/created_at") == "2027-01-01T00:00:00.000Z");
    }

    TEST_CASE("a patch makes a new revision and leaves the rest") {
        World world;
        const std::string id = world.company(world.cluster("A"), "Maison");
        const std::string path = "/v1/companies/" + id;

        const auto patched = world.patch(path, R"({"headcount":20,"segment":null,)"
                                               R"("attributes":{"cosmos":true}})");

        CHECK(patched.text_at("/revision") == "2");
        CHECK(patched.text_at("/headcount") == "20");
        CHECK(patched.text_at("/segment") == "null");
        CHECK(patched.text_at("/attributes") == R"({"cosmos":true})");
        CHECK(patched.text_at("/name") == "Maison");
        CHECK(world.get(path).text == patched.text);
    }

    TEST_CASE("what a company may not be is refused with its place") {
        World world;
        const std::string cluster = world.cluster("A");
        const std::string other = world.cluster("B");
        const std::string path = "/v1/companies/" + world.company(cluster, "Maison");
        const auto post = [&](const std::string& members) {
            return test::Ask{
                .method = "POST",
                .path = "/v1/companies",
                .body = R"({"cluster":")" + cluster + R"(","name":"X")" + members + "}"};
        };
        const auto patch = [&](std::string body,
                               std::string type = "application/merge-patch+json") {
            return test::Ask{.method = "PATCH",
                             .path = path,
                             .body = std::move(body),
                             .content_type = std::move(type)};
        };

        check_cases(
            world,
            {{"negative", post(R"(,"headcount":-1)"), 400, {"/headcount", "The least is 0."}},
             {"a fraction", post(R"(,"headcount":1.5)"), 400, {"/headcount"}},
             {"text for a number", post(R"(,"turnover_eur":"2")"), 400, {"/turnover_eur"}},
             {"misspelt",
              post(R"(,"headcont":1)"),
              400,
              {"/headcont", "did you mean", "headcount"}},
             {"a bad address", post(R"(,"website":"maison")"), 400, {"/website"}},
             {"twice", post(R"(,"name":"Y")"), 400, {"/name", "twice"}},
             {"an unknown cluster",
              {.method = "POST",
               .path = "/v1/companies",
               .body = R"({"cluster":"clu_no","name":"X"})"},
              404,
              {"/cluster"}},
             {"moved", patch(R"({"cluster":")" + other + R"("})"), 400, {"/cluster"}},
             {"no name left", patch(R"({"name":null})"), 400, {"/name"}},
             {"an unknown member", patch(R"({"created_at":"x"})"), 400, {"/created_at"}},
             {"plain JSON", patch("{}", "application/json"), 415},
             {"a list", patch("[]"), 400}});
    }

    TEST_CASE("companies are seen by their cluster and by themselves") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string own = world.company(a, "Own");
        const std::string neighbour = world.company(a, "Neighbour");
        const std::string foreign = world.company(b, "Foreign");
        world.account("sme", R"([{"role":"sme","company":")" + own + R"("}])");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const auto get = [](std::string id, std::string as) {
            return test::Ask{.path = "/v1/companies/" + id, .as = std::move(as)};
        };

        check_cases(
            world,
            {{"itself", get(own, "sme"), 200, {"Own"}},
             {"its neighbour", get(neighbour, "sme"), 404, {}, {"Neighbour"}},
             {"its list", {.path = "/v1/companies", .as = "sme"}, 200, {own}, {neighbour, foreign}},
             {"the cluster's list",
              {.path = "/v1/companies", .as = "manager"},
              200,
              {own, neighbour},
              {foreign}},
             {"another cluster's", get(foreign, "manager"), 404, {}, {"Foreign"}},
             {"changing itself",
              {.method = "PATCH",
               .path = "/v1/companies/" + own,
               .as = "sme",
               .body = "{}",
               .content_type = "application/merge-patch+json"},
              403},
             {"making one elsewhere",
              {.method = "POST",
               .path = "/v1/companies",
               .as = "manager",
               .body = R"({"cluster":")" + b + R"(","name":"X"})"},
              404,
              {"/cluster"}}});
    }
}
