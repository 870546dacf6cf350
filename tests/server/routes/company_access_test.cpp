#include "server/routes/company_access.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

namespace {

/// A cohort of two companies, one of them another cluster's, and one company beside it.
struct Mentored {
    World world;
    std::string in;
    std::string guest;
    std::string beside;
    std::string instance;

    Mentored() {
        world.publish();
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        in = world.company(a, "In");
        guest = world.company(b, "Guest");
        beside = world.company(a, "Beside");
        const std::string cohort = world.cohort(a);
        world.instance(in, cohort);
        instance = world.instance(guest, cohort);
        world.instance(beside);
        world.account("coach", R"([{"role":"mentor","cohort":")" + cohort + R"("}])");
        world.account("single", R"([{"role":"mentor","instance":")" + instance + R"("}])");
        world.account("reader", R"([{"role":"evaluator","instance":")" + instance + R"("}])");
        world.account("both", R"([{"role":"mentor","instance":")" + instance +
                                  R"("},{"role":"mentor","cluster":")" + a + R"("}])");
    }
    std::string seen_by(const std::string& as, const std::string& query = "") {
        const auto page = world.get("/v1/companies" + query, as);
        const auto items = page.at("/items");
        std::string names;
        for (const auto& item : items.as_array()) {
            names += std::string(item.at("name").as_string()) + " ";
        }
        return names;
    }
    int status_for(const std::string& as, const std::string& company) {
        return world.get("/v1/companies/" + company, as).status;
    }
};

}  // namespace

TEST_SUITE("routes/company_access") {
    TEST_CASE("TM3: a mentor reads the companies of its cohort or instance and no others") {
        Mentored run;

        CHECK(run.seen_by("coach") == "In Guest ");
        CHECK(run.seen_by("single") == "Guest ");
        CHECK(run.seen_by("reader").empty());
        CHECK(run.seen_by("both") == "In Guest Beside ");
        CHECK(run.status_for("coach", run.in) == 200);
        CHECK(run.status_for("coach", run.guest) == 200);
        CHECK(run.status_for("coach", run.beside) == 404);
        CHECK(run.status_for("single", run.in) == 404);
        CHECK(run.status_for("single", run.guest) == 200);
        CHECK(run.status_for("reader", run.guest) == 403);
        CHECK(run.world.patch("/v1/companies/" + run.in, R"({"headcount":1})", "coach").status ==
              403);
    }

    TEST_CASE("lists of companies that one works with are filtered and come in pages") {
        Mentored run;
        const std::string cluster = run.world.get("/v1/companies/" + run.guest).text_at("/cluster");
        run.world.patch("/v1/companies/" + run.guest, R"({"key":"G1"})");

        CHECK(run.seen_by("coach", "?cluster=" + cluster) == "Guest ");
        CHECK(run.seen_by("coach", "?key=G1") == "Guest ");
        CHECK(run.seen_by("coach", "?key=G2").empty());
        const auto first = run.world.get("/v1/companies?limit=1", "coach");
        CHECK(first.at("/items").as_array().size() == 1);
        CHECK(run.seen_by("coach", "?limit=1&cursor=" + first.text_at("/next_cursor")) == "Guest ");
        const auto csv = run.world.get("/v1/companies:export", "coach").text;
        CHECK(csv.find("Guest") != std::string::npos);
        CHECK(csv.find("Beside") == std::string::npos);
    }
}
