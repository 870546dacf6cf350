#include <algorithm>

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

    TEST_CASE("a company's key is the caller's own, unique within its cluster") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const auto post = [&](const std::string& cluster, const std::string& key) {
            return world.post("/v1/companies", R"({"cluster":")" + cluster +
                                                   R"(","name":"X","key":")" + key + R"("})");
        };

        const auto first = post(a, "CV-1");

        CHECK(first.text_at("/key") == "CV-1");
        CHECK(post(b, "CV-1").status == 201);
        const auto taken = post(a, "CV-1");
        CHECK(taken.status == 409);
        CHECK(taken.text.find("The key CV-1 is taken in this cluster.") != std::string::npos);
        const auto second = post(a, "CV-2");
        const std::string path = "/v1/companies/" + second.text_at("/id");
        CHECK(world.patch(path, R"({"key":"CV-1"})").status == 409);
        CHECK(world.patch(path, R"({"key":"CV-2","name":"Y"})").status == 200);
        CHECK(world.patch(path, R"({"key":null})").text_at("/key") == "null");
        CHECK(post(a, "CV-2").status == 201);
        CHECK(post(a, "").status == 400);
    }

    TEST_CASE("companies are found by cluster and by key, within what the caller may see") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const auto post = [&](const std::string& cluster, const std::string& key) {
            return world
                .post("/v1/companies",
                      R"({"cluster":")" + cluster + R"(","name":"X","key":")" + key + R"("})")
                .text_at("/id");
        };
        const std::string one = post(a, "1");
        const std::string two = post(a, "2");
        const std::string foreign = post(b, "1");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        world.account("sme", R"([{"role":"sme","company":")" + one + R"("}])");
        const std::string nothing = R"({"items":[],"next_cursor":null})";
        const auto get = [](const std::string& query, std::string as = "admin") {
            return test::Ask{.path = "/v1/companies?" + query, .as = std::move(as)};
        };

        check_cases(
            world,
            {{"a cluster's", get("cluster=" + a), 200, {one, two}, {foreign}},
             {"a key of all clusters", get("key=1"), 200, {one, foreign}, {two}},
             {"its first page", get("key=1&limit=1"), 200, {one}, {foreign, "cursor\":null"}},
             {"a key of one", get("key=1&cluster=" + b), 200, {foreign}, {one, two}},
             {"an unknown key", get("key=3"), 200, {nothing}},
             {"an empty key", get("key="), 200, {nothing}},
             {"an unknown cluster", get("cluster=clu_no"), 200, {nothing}},
             {"a manager's other cluster", get("cluster=" + b, "manager"), 200, {nothing}},
             {"a key there", get("key=1", "manager"), 200, {one}, {foreign}},
             {"asked for there", get("key=1&cluster=" + b, "manager"), 200, {nothing}},
             {"itself", get("cluster=" + a, "sme"), 200, {one}, {two}},
             {"a neighbour's key", get("key=2", "sme"), 200, {nothing}}});
    }

    TEST_CASE("a segment is one of the value chain's, or the nearest is named") {
        World world;
        const std::string cluster = world.cluster("A");
        const auto post = [&](const std::string& segment) {
            return world.post(
                "/v1/companies",
                R"({"cluster":")" + cluster + R"(","name":"X","segment":")" + segment + R"("})");
        };

        CHECK(post("distribution_logistics").status == 201);
        const auto refused = post("finished_product");
        CHECK(refused.status == 400);
        CHECK(refused.text_at("/detail").ends_with(R"(did you mean "finished_products"?)"));
    }

    TEST_CASE("the size class follows from the figures, related enterprises included") {
        World world;
        const std::string cluster = world.cluster("A");
        const auto made = world.post("/v1/companies", R"({"cluster":")" + cluster +
                                                          R"(","name":"X","headcount":9,)" +
                                                          R"("turnover_eur":1000000})");
        const std::string path = "/v1/companies/" + made.text_at("/id");
        const auto patched = [&](const std::string& patch) { return world.patch(path, patch); };

        CHECK(made.text_at("/sme_class") == "micro");
        CHECK(made.text_at("/enterprises") == "null");
        const auto held = patched(R"({"enterprises":[{"name":"Holding","relation":"linked",)"
                                  R"("headcount":200,"turnover_eur":1e6,"share":null}]})");
        CHECK(held.text_at("/sme_class") == "medium");
        CHECK(held.text_at("/enterprises") ==
              R"([{"name":"Holding","relation":"linked","headcount":200,"turnover_eur":1000000}])");
        CHECK(patched(R"({"headcount":null})").text_at("/sme_class") == "null");
        CHECK(patched(R"({"sme_class":"micro"})").status == 400);
        CHECK(patched(R"({"headcount":9,"enterprises":null})").text_at("/sme_class") == "micro");
    }

    TEST_CASE("an enterprise that cannot be counted is refused with its place") {
        World world;
        const std::string cluster = world.cluster("A");
        const auto post = [&](const std::string& enterprises) {
            return test::Ask{.method = "POST",
                             .path = "/v1/companies",
                             .body = R"({"cluster":")" + cluster +
                                     R"(","name":"X","enterprises":)" + enterprises + "}"};
        };
        std::string many = "[";
        for (int i = 0; i < 101; ++i) {
            many += R"({"name":"X","relation":"linked"},)";
        }
        many.back() = ']';

        check_cases(
            world,
            {{"no list", post("{}"), 400, {"/enterprises"}},
             {"no relation", post(R"([{"name":"X"}])"), 400, {"/enterprises/0/relation"}},
             {"misspelt",
              post(R"([{"name":"X","relation":"patner"}])"),
              400,
              {"/enterprises/0/relation", "did you mean", "partner"}},
             {"no share",
              post(R"([{"name":"X","relation":"linked"},{"name":"X","relation":"partner"}])"),
              400,
              {"/enterprises/1/share"}},
             {"more than half",
              post(R"([{"name":"X","relation":"partner","share":50.5}])"),
              400,
              {"/enterprises/0/share", "linked"}},
             {"too much", post(R"([{"name":"X","relation":"linked","share":101}])"), 400},
             {"too many", post(many), 400, {"At most 100"}},
             {"half", post(R"([{"name":"X","relation":"partner","share":50}])"), 201}});
    }

    TEST_CASE("a list neither skips nor doubles while companies are added") {
        World world;
        const std::string cluster = world.cluster("A");
        std::vector<std::string> before;
        const auto add = [&] {
            world.now = Instant{world.now.milliseconds + 1};
            return world.company(cluster, "X");
        };
        for (int i = 0; i < 20; ++i) {
            before.push_back(add());
        }

        std::vector<std::string> seen;
        std::string cursor;
        for (int page = 0; page < 100 && cursor != "null"; ++page) {
            const auto reply =
                world.get("/v1/companies?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
            const auto items = reply.at("/items");
            for (const auto& item : items.as_array()) {
                seen.emplace_back(item.at("id").as_string());
            }
            cursor = reply.text_at("/next_cursor");
            if (page < 5) {
                add();
            }
        }

        CHECK(std::ranges::is_sorted(seen));
        CHECK(std::ranges::adjacent_find(seen) == seen.end());
        CHECK(std::ranges::includes(seen, before));
        CHECK(seen.size() == 25);
    }
}
