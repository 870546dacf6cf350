#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/cohorts") {
    TEST_CASE("a cohort goes through the latest version, which it then keeps") {
        World world;
        world.publish();
        const std::string cluster = world.cluster("A");

        const auto made =
            world.post("/v1/cohorts", R"({"cluster":")" + cluster +
                                          R"(","workflow":"export-readiness","name":"Spring 2027",)"
                                          R"("dates":{"panel":"2027-03-01"},"settings":{"n":1}})");
        const auto patched = world.patch(made.header("Location"),
                                         R"({"dates":{"call_close":"2027-02-01T16:00:00Z"}})");

        CHECK(made.status == 201);
        CHECK(made.text_at("/id").starts_with("coh_"));
        CHECK(made.text_at("/workflow") == "export-readiness");
        CHECK(made.text_at("/version") == "3");
        CHECK(patched.text_at("/dates") ==
              R"({"panel":"2027-03-01","call_close":"2027-02-01T16:00:00Z"})");
        CHECK(patched.text_at("/settings") == R"({"n":1})");
        CHECK(patched.text_at("/revision") == "2");
        CHECK(world.get("/v1/cohorts").text_at("/items/0/id") == made.text_at("/id"));
    }

    TEST_CASE("what a cohort may not be is refused with its place") {
        World world;
        world.publish();
        const std::string cluster = world.cluster("A");
        const std::string path = "/v1/cohorts/" + world.cohort(cluster);
        world.account("mentor", R"([{"role":"mentor"}])");
        const auto post = [&](const std::string& members, std::string as = "admin") {
            return test::Ask{
                .method = "POST",
                .path = "/v1/cohorts",
                .as = std::move(as),
                .body = R"({"cluster":")" + cluster + R"(","name":"X",)" + members + "}"};
        };
        const auto patch = [&](std::string body) {
            return test::Ask{.method = "PATCH",
                             .path = path,
                             .body = std::move(body),
                             .content_type = "application/merge-patch+json"};
        };

        check_cases(world,
                    {{"an unknown workflow", post(R"("workflow":"no")"), 404, {"/workflow"}},
                     {"an unknown version",
                      post(R"("workflow":"export-readiness","version":9)"),
                      404,
                      {"/version"}},
                     {"a bad date",
                      post(R"("workflow":"export-readiness","dates":{"panel":"soon"})"),
                      400,
                      {"/dates/panel"}},
                     {"another workflow", patch(R"({"workflow":"other"})"), 400, {"/workflow"}},
                     {"a bad date later", patch(R"({"dates":{"panel":7}})"), 400, {"/dates/panel"}},
                     {"a mentor", post(R"("workflow":"export-readiness")", "mentor"), 403}});
    }

    TEST_CASE("cohorts are listed by cluster, and another's is as good as unknown") {
        World world;
        world.publish();
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string own = world.cohort(a);
        const std::string foreign = world.cohort(b);
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const std::string nothing = R"({"items":[],"next_cursor":null})";

        check_cases(
            world,
            {{"a cluster's", {.path = "/v1/cohorts?cluster=" + b}, 200, {foreign}, {own}},
             {"an unknown one", {.path = "/v1/cohorts?cluster=clu_no"}, 200, {nothing}},
             {"another's", {.path = "/v1/cohorts?cluster=" + b, .as = "manager"}, 200, {nothing}}});
    }
}
