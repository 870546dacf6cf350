// The conversation of api.md, section 5, with the workflow of language.md, section 1.
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Case;
using test::Reply;
using test::World;

namespace {

/// Everybody of the conversation, and the instance it is about.
struct Conversation {
    World world;
    std::string cluster;
    std::string company;
    std::string cohort;
    std::string instance;

    Conversation() {
        world.publish();
        cluster = world.cluster("Cosmetic Valley");
        company = world.company(cluster, "Maison Exemple");
        cohort = world.cohort(cluster);
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        world.account("manager", R"([{"role":"manager","cluster":")" + cluster + R"("}])");
        const Reply started =
            world.post("/v1/instances",
                       R"({"workflow":"export-readiness","company":")" + company +
                           R"(","cohort":")" + cohort + R"(","key":"CV-2027-014"})",
                       "manager");
        REQUIRE(started.status == 201);
        instance = started.text_at("/id");
    }

    [[nodiscard]] std::string path(std::string_view rest = "") const {
        return "/v1/instances/" + instance + std::string(rest);
    }
    Reply send(const std::string& as, const std::string& body) {
        return world.post(path("/events"), body, as);
    }
};

}  // namespace

TEST_SUITE("routes/conversation") {
    TEST_CASE("a started instance is shown as the contract has it") {
        Conversation talk;

        const Reply reply = talk.world.get(talk.path(), "ana");

        CHECK(reply.header("ETag") == "\"1\"");
        CHECK(reply.text_at("/workflow") == "export-readiness");
        CHECK(reply.text_at("/version") == "3");
        CHECK(reply.text_at("/company") == talk.company);
        CHECK(reply.text_at("/cohort") == talk.cohort);
        CHECK(reply.text_at("/key") == "CV-2027-014");
        CHECK(reply.text_at("/sequence") == "1");
        CHECK(reply.text_at("/stage") == "readiness");
        CHECK(reply.text_at("/states") == R"(["readiness.assessment"])");
        CHECK(reply.text_at("/title") == "Self-assessment");
        CHECK(reply.text_at("/waiting_for") == "sme");
        CHECK(reply.text_at("/deadline") ==
              R"({"state":"readiness.assessment","at":"2027-01-15T00:00:00.000Z"})");
        CHECK(reply.text_at("/overdue") == "false");
        CHECK(reply.text_at("/done") == "false");
        CHECK(reply.text_at("/context") == R"({"score":0,"attempts":0})");
    }

    TEST_CASE("a rule that is not met is explained in the caller's language") {
        Conversation talk;

        const Reply english = talk.send("ana", R"({"event":"submit"})");
        const Reply french = talk.world.ask({.method = "POST",
                                             .path = talk.path("/events"),
                                             .as = "ana",
                                             .body = R"({"event":"submit"})",
                                             .headers = {{"Accept-Language", "fr-BE, en;q=0.5"}}});

        CHECK(english.status == 422);
        CHECK(english.header("Content-Type") == "application/problem+json");
        CHECK(english.text_at("/type") == "/problems/guard");
        CHECK(english.text_at("/title") == "A rule is not met");
        CHECK(english.text_at("/status") == "422");
        CHECK(english.text_at("/detail") == "The score must reach 60; it is 0.");
        CHECK(english.text_at("/blockers/0/code") == "guard");
        CHECK(english.text_at("/blockers/0/rule") == "score >= 60");
        CHECK(english.text_at("/blockers/0/message") == "The score must reach 60; it is 0.");
        CHECK(english.text_at("/blockers/0/values") == R"({"score":0})");
        CHECK(french.text_at("/detail") == "Le score doit atteindre 60 ; il est de 0.");
    }

    TEST_CASE("a taken event is answered with what it did") {
        Conversation talk;

        const Reply reply = talk.send("ana", R"({"event":"answer","data":{"score":72}})");

        CHECK(reply.status == 200);
        CHECK(reply.header("ETag") == "\"2\"");
        CHECK(reply.text_at("/sequence") == "2");
        CHECK(reply.text_at("/taken") ==
              R"([{"source":"readiness.assessment","event":"answer","targets":[]}])");
        CHECK(reply.text_at("/instance/context") == R"({"score":72,"attempts":1})");
    }

    TEST_CASE("actions list every event that is known here, with forms and blockers") {
        Conversation talk;
        talk.world.step(talk.instance, "ana", "answer", R"({"score":72})");

        const Reply company = talk.world.get(talk.path("/actions"), "ana");
        const Reply mentor = talk.world.get(talk.path("/actions"), "mentor");

        CHECK(company.text_at("/items/0/event") == "answer");
        CHECK(company.text_at("/items/0/form/properties/score/maximum") == "100");
        CHECK(company.text_at("/items/1") ==
              R"({"event":"submit","title":"Send to my mentor","allowed":true,"form":null,)"
              R"("blockers":[]})");
        CHECK(mentor.text_at("/items/1/allowed") == "false");
        CHECK(mentor.text_at("/items/1/blockers/0/code") == "role");
    }

    TEST_CASE("the history tells who did what, oldest first") {
        Conversation talk;
        talk.world.step(talk.instance, "ana", "answer", R"({"score":72})");

        const Reply reply = talk.world.get(talk.path("/history"), "ana");

        CHECK(reply.text_at("/items/0/sequence") == "1");
        CHECK(reply.text_at("/items/0/at") == "2027-01-01T00:00:00.000Z");
        CHECK(reply.text_at("/items/0/actor/roles") == R"(["manager"])");
        CHECK(reply.text_at("/items/0/event") == "$start");
        CHECK(reply.text_at("/items/0/from") == "[]");
        CHECK(reply.text_at("/items/0/to") == R"(["readiness.assessment"])");
        CHECK(reply.text_at("/items/0/data") == "{}");
        CHECK(reply.text_at("/items/0/hash").size() == 64);
        CHECK(reply.text_at("/items/1/data") == R"({"score":72})");
        CHECK(reply.text_at("/next_cursor") == "null");
    }

    TEST_CASE("an event to the whole cohort has an outcome for each") {
        Conversation talk;
        const std::string other = talk.world.instance(talk.company, talk.cohort);
        talk.world.step(talk.instance, "ana", "answer", R"({"score":72})");
        talk.world.step(talk.instance, "ana", "submit");

        const Reply filtered = talk.world.post(
            "/v1/cohorts/" + talk.cohort + "/events?dry_run=true",
            R"({"event":"approve","filter":{"state":"readiness.review"}})", "mentor");
        const Reply all = talk.world.post("/v1/cohorts/" + talk.cohort + "/events",
                                          R"({"event":"approve"})", "mentor");

        CHECK(filtered.text_at("/counts") == R"({"taken":1,"blocked":0,"failed":0})");
        CHECK(all.text_at("/event") == "approve");
        CHECK(all.text_at("/counts") == R"({"taken":1,"blocked":1,"failed":0})");
        CHECK(all.text_at("/outcomes/0/instance") == talk.instance);
        CHECK(all.text_at("/outcomes/0/outcome") == "taken");
        CHECK(all.text_at("/outcomes/0/states") ==
              R"(["tracks.compliance.open","tracks.marketing.open"])");
        CHECK(all.text_at("/outcomes/1/instance") == other);
        CHECK(all.text_at("/outcomes/1/outcome") == "blocked");
        CHECK(all.text_at("/outcomes/1/blockers/0/code") == "state");
    }

    TEST_CASE("a company is taken to its graduation") {
        Conversation talk;
        talk.world.step(talk.instance, "ana", "answer", R"({"score":72})");
        talk.world.step(talk.instance, "ana", "submit");
        CHECK(talk.world.get(talk.path(), "ana").text_at("/title") == "Under review");
        CHECK(talk.world.get(talk.path(), "mentor").text_at("/title") == "Mentor review");
        talk.world.step(talk.instance, "mentor", "approve");
        talk.world.step(talk.instance, "ana", "compliance.done");
        talk.world.step(talk.instance, "mentor", "marketing.done");

        const Reply reply = talk.world.get(talk.path(), "ana");

        CHECK(reply.text_at("/done") == "true");
        CHECK(reply.text_at("/stage") == "graduated");
        CHECK(reply.text_at("/waiting_for") == "null");
        CHECK(reply.text_at("/deadline") == "null");
    }
}
