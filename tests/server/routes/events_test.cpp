#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

/// One instance at its assessment, its company and its mentor.
struct Run {
    World world;
    std::string instance;

    Run() {
        world.publish();
        const std::string company = world.company(world.cluster("A"), "Maison");
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        world.account("auditor", R"([{"role":"auditor"}])");
        instance = world.instance(company);
    }
    [[nodiscard]] test::Ask event(std::string body, std::string as = "ana") const {
        return {.method = "POST",
                .path = "/v1/instances/" + instance + "/events",
                .as = std::move(as),
                .body = std::move(body)};
    }
    Reply with(const char* header, const char* value) {
        test::Ask ask = event(R"({"event":"answer","data":{"score":72}})");
        ask.headers = {{header, value}};
        return world.ask(ask);
    }
    std::string sequence() { return world.get("/v1/instances/" + instance).text_at("/sequence"); }
};

}  // namespace

TEST_SUITE("routes/events") {
    TEST_CASE("bad input gets the status that says what is wrong, and changes nothing") {
        Run run;
        const auto event = [&](std::string body, std::string as = "ana") {
            return run.event(std::move(body), std::move(as));
        };
        check_cases(run.world,
                    {{"an unknown event",
                      event(R"({"event":"sumbit"})"),
                      409,
                      {"/problems/state", "submit"}},
                     {"an event of another state",
                      event(R"({"event":"approve"})", "mentor"),
                      409,
                      {"/problems/state"}},
                     {"the wrong role",
                      event(R"({"event":"submit"})", "mentor"),
                      403,
                      {"/problems/role", "blockers"}},
                     {"an administrator without a role",
                      event(R"({"event":"submit"})", "admin"),
                      403,
                      {"/problems/role"}},
                     {"a form not filled in",
                      event(R"({"event":"answer"})"),
                      422,
                      {"/problems/form", "score"}},
                     {"a form out of range",
                      event(R"({"event":"answer","data":{"score":101}})"),
                      422,
                      {"/problems/form"}},
                     {"a field too many",
                      event(R"({"event":"answer","data":{"score":1,"x":1}})"),
                      422,
                      {"/problems/form"}},
                     {"a rule not met", event(R"({"event":"submit"})"), 422, {"/problems/guard"}}});
        CHECK(run.sequence() == "1");
    }

    TEST_CASE("a body that cannot be read is refused with the place in it") {
        Run run;
        const auto event = [&](std::string body, std::string as = "ana") {
            return run.event(std::move(body), std::move(as));
        };
        const std::string deep =
            R"({"event":"answer","data":)" + std::string(32, '[') + std::string(32, ']') + "}";

        check_cases(
            run.world,
            {{"not JSON", event("{event:1}"), 400, {"/problems/bad-request", "pointer"}},
             {"nothing", event(" "), 400},
             {"a member twice",
              event(R"({"event":"a","event":"b"})"),
              400,
              {"\"pointer\":\"/event\""}},
             {"a number out of range",
              event(R"({"event":"answer","data":{"score":1e999999}})"),
              400,
              {"\"pointer\":\"/data/score\""}},
             {"33 levels", event(deep), 400, {"/data/"}},
             {"bad UTF-8", event("{\"event\":\"\xff\"}"), 400, {"/event"}},
             {"no event", event("{}"), 400, {"/event"}},
             {"data of another shape", event(R"({"event":"answer","data":[1]})"), 400, {"/data"}},
             {"an unknown member", event(R"({"event":"answer","dta":{}})"), 400, {"/dta", "data"}},
             {"the engine's events", event(R"({"event":"done.state.tracks"})"), 403},
             {"no token", event("{}", ""), 401, {"/problems/unauthorized"}},
             {"an auditor", event(R"({"event":"submit"})", "auditor"), 403}});
        CHECK(run.sequence() == "1");
    }

    TEST_CASE("bodies of other types are refused") {
        Run run;
        test::Ask ask = run.event("event=submit");
        ask.content_type = "application/x-www-form-urlencoded";

        CHECK(run.world.ask(ask).status == 415);
    }

    TEST_CASE("If-Match holds the event against the sequence that was seen") {
        Run run;

        CHECK(run.with("If-Match", "\"7\"").status == 412);
        CHECK(run.with("If-Match", "W/\"1\"").status == 412);
        CHECK(run.with("If-Match", "1").status == 400);
        CHECK(run.with("If-Match", "\"7\", \"1\"").status == 200);
        const test::Reply stale = run.with("If-Match", "\"1\"");
        CHECK(stale.text_at("/type") == "/problems/stale");
        CHECK(stale.text_at("/current/sequence") == "2");
        CHECK(stale.text_at("/current/id") == run.instance);
        CHECK(run.with("If-Match", "*").status == 200);
    }

    TEST_CASE("an explanation tells each candidate's role, form and guard, and keeps nothing") {
        Run run;
        test::Ask ask = run.event(R"({"event":"submit"})");
        ask.path = "/v1/instances/" + run.instance + "/explain";

        const Reply reply = run.world.ask(ask);
        ask.as = "auditor";
        const Reply auditor = run.world.ask(ask);
        ask.as = "";

        CHECK(reply.status == 200);
        CHECK(reply.at("/accepted") == false);
        CHECK(reply.at("/candidates/0/role/ok") == true);
        CHECK(reply.at("/candidates/0/guard/0/values/score") == 0);
        CHECK(reply.text_at("/blockers/0/rule") == "score >= 60");
        CHECK(auditor.at("/candidates/0/role/ok") == false);
        CHECK(run.world.ask(ask).status == 401);
        CHECK(run.sequence() == "1");
    }

    TEST_CASE("a dry run gives the answer of the event and keeps nothing") {
        Run run;
        test::Ask ask = run.event(R"({"event":"answer","data":{"score":72}})");
        ask.path += "?dry_run=true";
        ask.headers = {{"Idempotency-Key", "k"}};

        const Reply preview = run.world.ask(ask);
        const Reply again = run.world.ask(ask);

        CHECK(preview.status == 200);
        CHECK(preview.text_at("/instance/context/score") == "72");
        CHECK(again.header("Idempotency-Replayed").empty());
        CHECK(run.sequence() == "1");
        ask.path.back() = 'x';
        CHECK(run.world.ask(ask).status == 400);
    }

    TEST_CASE("an incident that is not there cannot be resolved") {
        Run run;
        const std::string path = "/v1/instances/" + run.instance + "/incidents/";
        const auto post = [&](std::string sequence, std::string as) {
            return test::Ask{
                .method = "POST", .path = path + sequence + "/resolve", .as = std::move(as)};
        };

        check_cases(run.world, {{"none is open", post("1", "admin"), 404},
                                {"no number", post("x", "admin"), 404},
                                {"a company", post("1", "ana"), 403}});
    }
}
