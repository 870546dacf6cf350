#include "server/routes/company_export.hpp"

#include <algorithm>

#include "server/csv/csv.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

std::string name_cell(const Reply& reply, std::size_t row) {
    const auto table = test::ok(server::read_csv(reply.text, 100'000));
    const auto column = std::ranges::find(table.header, "name") - table.header.begin();
    return table.rows.at(row).cells.at(static_cast<std::size_t>(column));
}

std::size_t rows_in(const Reply& reply) {
    return test::ok(server::read_csv(reply.text, 100'000)).rows.size();
}

Reply import_into(World& world, const std::string& csv) {
    return world.ask({.method = "POST",
                      .path = "/v1/companies:import",
                      .body = csv,
                      .content_type = "text/csv"});
}

/// So many hundred companies of one cluster. A world's chance repeats itself after 256 ids of one
/// millisecond.
void fill(World& world, const std::string& cluster, int hundreds) {
    for (int hundred = 0; hundred < hundreds; ++hundred) {
        world.now = Instant{world.now.milliseconds + 1};
        std::string csv = "cluster,key,name\n";
        for (int i = 0; i < 100; ++i) {
            csv += cluster + "," + std::to_string(hundred * 100 + i) + ",X\n";
        }
        REQUIRE(import_into(world, csv).text_at("/counts/created") == "100");
    }
}

}  // namespace

TEST_SUITE("routes/company_export") {
    TEST_CASE("TM32: what was exported says nothing new when it is imported") {
        World world;
        const std::string cluster = world.cluster("A");
        for (const auto* name : {"=1+1", "'=1", "+33 1", "@x", "\\t-5", "a, \\\"b\\\";", " x ",
                                 "two\\nlines", "Crème d'été", "'quoted'"}) {
            CAPTURE(name);
            REQUIRE(world
                        .post("/v1/companies",
                              R"({"cluster":")" + cluster + R"(","name":")" + name +
                                  R"(","headcount":5,"turnover_eur":2400000.5,"attributes":)" +
                                  R"({"a":[1,2.5,"=x"]},"enterprises":[{"name":"-H",)" +
                                  R"("relation":"linked","headcount":3}]})")
                        .status == 201);
        }

        const Reply exported = world.get("/v1/companies:export");
        const Reply imported = import_into(world, exported.text);

        CHECK(exported.status == 200);
        CHECK(exported.header("Content-Type") == "text/csv; charset=utf-8; header=present");
        CHECK(exported.text.find(",=") == std::string::npos);
        CHECK(imported.text_at("/counts") ==
              R"({"created":0,"updated":0,"unchanged":10,"failed":0})");
        CHECK(name_cell(exported, 0) == "=1+1");
    }

    TEST_CASE("an export shows what the caller may read and nothing else") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string own = world.company(a, "Own");
        const std::string neighbour = world.company(a, "Neighbour");
        const std::string foreign = world.company(b, "Foreign");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        world.account("sme", R"([{"role":"sme","company":")" + own + R"("}])");
        const std::string path = "/v1/companies:export";

        check_cases(world,
                    {{"the network's", {.path = path}, 200, {own, neighbour, foreign}},
                     {"the cluster's",
                      {.path = path, .as = "manager"},
                      200,
                      {own, neighbour},
                      {foreign, "Foreign"}},
                     {"another's",
                      {.path = path + "?cluster=" + b, .as = "manager"},
                      200,
                      {"id,cluster"},
                      {"com_"}},
                     {"itself", {.path = path, .as = "sme"}, 200, {own}, {neighbour, foreign}},
                     {"nobody", {.path = path, .as = ""}, 401},
                     {"a bad limit", {.path = path + "?limit=201"}, 400}});
    }

    TEST_CASE("the list is CSV, too, when that is asked for") {
        World world;
        const std::string cluster = world.cluster("A");
        fill(world, cluster, 1);
        const auto get = [&](const std::string& accept) {
            return world.ask(
                {.path = "/v1/companies?cluster=" + cluster, .headers = {{"Accept", accept}}});
        };

        CHECK(rows_in(get("text/csv")) == 100);
        CHECK(get("application/json").text.starts_with("{\"items\":["));
        CHECK(get("text/html, */*;q=0.8").text.starts_with("{\"items\":["));
        CHECK(rows_in(world.ask(
                  {.path = "/v1/companies?key=7", .headers = {{"Accept", "text/csv"}}})) == 1);
    }

    TEST_CASE("what is left of an export is asked for by the same key") {
        World world;
        const std::string cluster = world.cluster("A");
        const std::string other = world.cluster("B");
        for (const std::string& where : {cluster, other}) {
            world.post("/v1/companies",
                       R"({"name":"X","key":"a b&c=\u00e9","cluster":")" + where + R"("})");
        }
        const std::string path = "/v1/companies:export?limit=1&key=a%20b%26c%3D%C3%A9";

        const Reply first = world.get(path);

        CHECK(rows_in(first) == 1);
        const std::string link = first.header("Link");
        CHECK(link.find("&key=a%20b%26c%3D%C3%A9&limit=1>") != std::string::npos);
        CHECK(rows_in(world.get(link.substr(1, link.find('>') - 1))) == 1);
        CHECK(world.get("/v1/companies").header("Vary").starts_with("Accept, Authorization"));
    }

    TEST_CASE("an export in parts neither skips nor doubles") {
        World world;
        const std::string cluster = world.cluster("A");
        fill(world, cluster, 5);

        std::size_t rows = 0;
        std::string path = "/v1/companies:export?limit=200&cluster=" + cluster;
        for (int part = 0; part < 3; ++part) {
            const Reply reply = world.get(path);
            rows += rows_in(reply);
            if (part == 2) {
                CHECK(!reply.headers.find("Link"));
                break;
            }
            const std::string link = reply.header("Link");
            REQUIRE(link.ends_with(">; rel=\"next\""));
            path = link.substr(1, link.find('>') - 1);
        }

        CHECK(rows == 500);
    }

    TEST_CASE("TM14: a cluster's name cannot leave the header that it stands in") {
        World world;
        const std::string cluster = world.cluster("A\\nSet-Cookie: b=c\\\"");
        world.company(cluster, "X");

        const Reply reply = world.get("/v1/companies:export?cluster=" + cluster);

        CHECK(reply.header("Content-Disposition")
                  .starts_with("attachment; filename=\"companies A_Set-Cookie_ b=c_ "
                               "2027-01-01.csv\"; filename*="));
    }
}
