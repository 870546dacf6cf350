#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

/// A cohort of three: two in review, one still at its assessment.
struct Cohort {
    World world;
    std::string cohort;
    std::vector<std::string> instances;

    Cohort() {
        world.publish();
        const std::string cluster = world.cluster("A");
        const std::string company = world.company(cluster, "Maison");
        cohort = world.cohort(cluster);
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        for (int count = 0; count < 3; ++count) {
            instances.push_back(world.instance(company, cohort));
        }
        for (int ready = 0; ready < 2; ++ready) {
            world.step(instances[static_cast<std::size_t>(ready)], "ana", "answer",
                       R"({"score":72})");
            world.step(instances[static_cast<std::size_t>(ready)], "ana", "submit");
        }
    }

    Reply send(const std::string& body, const std::string& key = "",
               const std::string& query = "") {
        test::Ask ask{.method = "POST",
                      .path = "/v1/cohorts/" + cohort + "/events" + query,
                      .as = "mentor",
                      .body = body};
        if (!key.empty()) {
            ask.headers.push_back({"Idempotency-Key", key});
        }
        return world.ask(ask);
    }
    std::string sequence(std::size_t index) {
        return world.get("/v1/instances/" + instances[index]).text_at("/sequence");
    }
};

constexpr const char* approve_reviews =
    R"({"event":"approve","filter":{"state":"readiness.review"}})";

}  // namespace

TEST_SUITE("routes/bulk") {
    TEST_CASE("a dry run tells what would happen and writes nothing") {
        Cohort cohort;

        const Reply preview = cohort.send(R"({"event":"approve"})", "key", "?dry_run=true");

        CHECK(preview.text_at("/counts") == R"({"taken":2,"blocked":1,"failed":0})");
        CHECK(cohort.sequence(0) == "3");
        CHECK(cohort.send(R"({"event":"approve"})", "key").header("Idempotency-Replayed").empty());
    }

    TEST_CASE("a repeat gives the answer that was given, and does nothing again") {
        Cohort cohort;

        const Reply first = cohort.send(approve_reviews, "key");
        const Reply again = cohort.send(approve_reviews, "key");
        const Reply other = cohort.send(R"({"event":"return"})", "key");

        CHECK(first.text_at("/counts") == R"({"taken":2,"blocked":0,"failed":0})");
        CHECK(again.text == first.text);
        CHECK(again.header("Idempotency-Replayed") == "true");
        CHECK(cohort.sequence(0) == "4");
        CHECK(other.status == 422);
        CHECK(other.text_at("/type") == "/problems/idempotency");
    }

    TEST_CASE("a repeat after a failure is told what was done, and does the rest") {
        Cohort cohort;
        cohort.world.store.room = 2;  // the list and the first instance
        const Reply cut = cohort.send(approve_reviews, "key");
        cohort.world.store.room.reset();

        const Reply again = cohort.send(approve_reviews, "key");

        CHECK(cut.text_at("/counts") == R"({"taken":1,"blocked":0,"failed":1})");
        CHECK(cut.text_at("/outcomes/1/problem/type") == "/problems/storage-full");
        CHECK(again.text_at("/counts") == R"({"taken":2,"blocked":0,"failed":0})");
        CHECK(again.at("/outcomes/0") == cut.at("/outcomes/0"));
        CHECK(cohort.sequence(0) == "4");
        CHECK(cohort.sequence(1) == "4");
    }

    TEST_CASE("named instances must be members") {
        Cohort cohort;
        const std::string stranger =
            cohort.world.instance(cohort.world.company(cohort.world.cluster("B"), "Stranger"));

        const Reply reply =
            cohort.send(R"({"event":"approve","instances":[")" + cohort.instances[1] + R"(",")" +
                        stranger + R"(","ins_no",")" + cohort.instances[1] + R"("]})");

        CHECK(reply.text_at("/counts") == R"({"taken":1,"blocked":0,"failed":2})");
        CHECK(reply.text_at("/outcomes/1/problem/status") == "404");
        CHECK(reply.text_at("/outcomes/2/problem/type") == "/problems/not-found");
        CHECK(cohort.sequence(0) == "3");
    }

    TEST_CASE("what cannot be read reaches nobody") {
        Cohort cohort;
        const auto ask = [&](std::string body, std::string as = "mentor") {
            return test::Ask{.method = "POST",
                             .path = "/v1/cohorts/" + cohort.cohort + "/events",
                             .as = std::move(as),
                             .body = std::move(body)};
        };

        check_cases(
            cohort.world,
            {{"no event", ask("{}"), 400, {"/event"}},
             {"both", ask(R"({"event":"approve","instances":[],"filter":{}})"), 400, {"/filter"}},
             {"an unknown filter",
              ask(R"({"event":"approve","filter":{"stat":"x"}})"),
              400,
              {"/filter/stat", "did you mean"}},
             {"a number", ask(R"({"event":"approve","instances":[1]})"), 400, {"/instances/0"}},
             {"a company", ask(R"({"event":"approve"})", "ana"), 403},
             {"an unknown cohort",
              {.method = "POST", .path = "/v1/cohorts/coh_no/events", .body = R"({"event":"x"})"},
              404}});
        CHECK(cohort.sequence(0) == "3");
    }
}
