#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/history") {
    TEST_CASE("the log is read page by page without gap or repeat") {
        World world;
        world.publish();
        const std::string company = world.company(world.cluster("A"), "Maison");
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        const std::string instance = world.instance(company);
        for (int score = 1; score <= 4; ++score) {
            world.step(instance, "ana", "answer", R"({"score":)" + std::to_string(score) + "}");
        }
        std::string seen;
        std::string query = "?limit=2";
        for (int pages = 0; pages < 5 && !query.empty(); ++pages) {
            const auto page = world.get("/v1/instances/" + instance + "/history" + query, "ana");
            const auto items = page.at("/items");
            for (const auto& item : items.as_array()) {
                seen += std::to_string(item.at("sequence").as_int64()) + " ";
            }
            const auto cursor = page.at("/next_cursor");
            query = cursor.is_null() ? "" : "?limit=2&cursor=" + std::string(cursor.as_string());
        }

        CHECK(seen == "1 2 3 4 5 ");
    }

    TEST_CASE("effects are for those who run the programme") {
        World world;
        world.publish();
        const std::string company = world.company(world.cluster("A"), "Maison");
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        const std::string path = "/v1/instances/" + world.instance(company) + "/history";

        CHECK(world.get(path, "admin").text_at("/items/0/effects").find("start_timer") !=
              std::string::npos);
        CHECK(world.get(path, "ana").text.find("effects") == std::string::npos);
        CHECK(world.get(path + "?cursor=zz", "ana").status == 400);
        CHECK(world.get(path + "?cursor=ff", "ana").status == 400);
    }
}
