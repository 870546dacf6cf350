#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

/// Two clusters with a company each, and an instance of each company.
struct Two {
    World world;
    std::string a, b, company_a, company_b, cohort_a, instance_a, instance_b;

    Two() {
        world.publish();
        a = world.cluster("A");
        b = world.cluster("B");
        company_a = world.company(a, "Maison A");
        company_b = world.company(b, "Casa B");
        cohort_a = world.cohort(a);
        instance_a = world.instance(company_a, cohort_a);
        instance_b = world.instance(company_b);
        world.account("sme a", R"([{"role":"sme","company":")" + company_a + R"("}])");
        world.account("manager a", R"([{"role":"manager","cluster":")" + a + R"("}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        world.account("nobody", "[]");
    }
    [[nodiscard]] test::Ask start(const std::string& members, std::string as = "admin") const {
        return {.method = "POST",
                .path = "/v1/instances",
                .as = std::move(as),
                .body = R"({"workflow":"export-readiness",)" + members + "}"};
    }
};

}  // namespace

TEST_SUITE("routes/instances") {
    TEST_CASE("starting answers with the new instance, its address and its tag") {
        Two two;

        const Reply started = two.world.ask(
            two.start(R"("company":")" + two.company_a + R"(","context":{"score":5},"key":"k")"));

        CHECK(started.status == 201);
        CHECK(started.header("Location") == "/v1/instances/" + started.text_at("/id"));
        CHECK(started.header("ETag") == "\"1\"");
        CHECK(started.text_at("/context/score") == "5");
        CHECK(started.text_at("/cohort") == "null");
        CHECK(started.text_at("/progress") == R"({"stage":1,"of":3})");
        CHECK(started.text_at("/stages/0") ==
              R"({"name":"readiness","title":"Getting ready","current":true})");
    }

    TEST_CASE("what cannot be started is refused") {
        Two two;
        const std::string company = R"("company":")" + two.company_a + R"(")";
        two.world.ask(two.start(company + R"(,"key":"taken")"));

        check_cases(
            two.world,
            {{"a key that is taken",
              two.start(company + R"(,"key":"taken")"),
              409,
              {"/problems/conflict"},
              {"ins_"}},
             {"no such company", two.start(R"("company":"com_no")"), 404, {"/company"}},
             {"no such cohort", two.start(company + R"(,"cohort":"coh_no")"), 404, {"/cohort"}},
             {"no such version", two.start(company + R"(,"version":9)"), 404},
             {"a context out of range",
              two.start(company + R"(,"context":{"score":101})"),
              400,
              {R"("pointer":"/context/score")"}},
             {"an unknown context field",
              two.start(company + R"(,"context":{"scor":1})"),
              400,
              {"scor"}},
             {"no company", two.start(R"("key":"k")"), 400, {"/company"}},
             {"an empty key", two.start(company + R"(,"key":"")"), 400, {"/key"}},
             {"by the company", two.start(company, "sme a"), 403},
             {"by another cluster",
              two.start(R"("company":")" + two.company_b + R"(")", "manager a"),
              404,
              {"/company"}},
             {"by the cluster", two.start(company, "manager a"), 201}});
    }

    TEST_CASE("lists hold what the caller may see, and nothing of others") {
        Two two;
        const auto list = [](std::string query, std::string as) {
            return test::Ask{.path = "/v1/instances" + std::move(query), .as = std::move(as)};
        };
        const std::string a = two.instance_a;
        const std::string b = two.instance_b;

        check_cases(
            two.world,
            {{"everything", list("", "admin"), 200, {a, b}},
             {"a network's mentor", list("", "mentor"), 200, {a, b}},
             {"a company's own", list("", "sme a"), 200, {a}, {b, "Casa B"}},
             {"a cluster's own", list("", "manager a"), 200, {a}, {b}},
             {"a foreign cluster", list("?cluster=" + two.b, "manager a"), 200, {"\"items\":[]"}},
             {"without roles", list("", "nobody"), 200, {"\"items\":[]"}},
             {"by cohort", list("?cohort=" + two.cohort_a, "admin"), 200, {a}, {b}},
             {"by company's name", list("?q=casa", "admin"), 200, {b}, {a}},
             {"by state",
              list("?state=readiness.assessment&stage=readiness&waiting_for=sme", "admin"),
              200,
              {a, b}},
             {"by another state", list("?state=readiness.review", "admin"), 200, {"\"items\":[]"}},
             {"overdue", list("?overdue=true", "admin"), 200, {"\"items\":[]"}},
             {"due", list("?due_before=2027-02-01T00:00:00Z", "admin"), 200, {a, b}},
             {"by version", list("?version=3&workflow=export-readiness", "admin"), 200, {a, b}},
             {"a bad instant", list("?due_before=soon", "admin"), 400},
             {"a bad flag", list("?overdue=yes", "admin"), 400},
             {"a bad version", list("?version=x", "admin"), 400},
             {"an unknown parameter", list("?stat=x", "admin"), 400, {"did you mean"}},
             {"a parameter twice", list("?q=a&q=b", "admin"), 400},
             {"without token", list("", ""), 401}});
    }

    TEST_CASE("an instance of others answers as one that does not exist") {
        Two two;
        const Reply foreign = two.world.get("/v1/instances/" + two.instance_b, "sme a");
        const Reply unknown =
            two.world.get("/v1/instances/ins_00000000000000000000000000", "sme a");

        CHECK(foreign.status == 404);
        CHECK(unknown.status == 404);
        CHECK(foreign.text.find(two.instance_b) != std::string::npos);
        CHECK(foreign.text.size() == unknown.text.size());
        for (const auto* rest : {"/actions", "/history"}) {
            CHECK(two.world.get("/v1/instances/" + two.instance_b + rest, "sme a").status == 404);
        }
        CHECK(two.world
                  .post("/v1/instances/" + two.instance_b + "/events", R"({"event":"submit"})",
                        "sme a")
                  .status == 404);
    }

    TEST_CASE("an account that is bound nowhere knows of no instance") {
        Two two;
        for (const auto* rest : {"", "/actions", "/history"}) {
            CHECK(two.world.get("/v1/instances/" + two.instance_a + rest, "nobody").status == 404);
        }
        CHECK(
            two.world.post("/v1/instances/" + two.instance_a + "/events", "{}", "nobody").status ==
            404);
        CHECK(two.world.ask(two.start(R"("company":"com_no")", "nobody")).status == 403);
    }

    TEST_CASE("a stage without a title is shown by its name") {
        World world;
        world.post("/v1/workflows", R"({"workflow":"bare","version":1,"states":{"waiting":{}}})");
        const std::string company = world.company(world.cluster("A"), "Maison A");

        const Reply started =
            world.post("/v1/instances", R"({"workflow":"bare","company":")" + company + R"("})");

        CHECK(started.text_at("/stage_title") == "waiting");
    }

    TEST_CASE("an unchanged instance is answered with 304") {
        Two two;
        test::Ask ask{.path = "/v1/instances/" + two.instance_a, .as = "sme a"};

        ask.headers = {{"If-None-Match", "W/\"1\""}};
        const Reply same = two.world.ask(ask);
        ask.headers = {{"If-None-Match", "\"11\""}};
        const Reply other = two.world.ask(ask);

        CHECK(same.status == 304);
        CHECK(same.text.empty());
        CHECK(same.header("ETag") == "\"1\"");
        CHECK(other.status == 200);
    }

    TEST_CASE("titles follow the reader's language") {
        Two two;
        const Reply french = two.world.ask({.path = "/v1/instances/" + two.instance_a,
                                            .as = "sme a",
                                            .headers = {{"Accept-Language", "fr"}}});

        CHECK(french.text_at("/title") == "Autodiagnostic");
        CHECK(french.text_at("/stage_title") == "Préparation");
    }
}
