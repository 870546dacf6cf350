#include "tests/server/stream/listening.hpp"

using namespace sillage;
using test::ids_in;
using test::Listening;

TEST_SUITE("routes/stream") {
    TEST_CASE("a stream begins with how long to wait before coming back") {
        Listening run;
        const auto request = run.tale.world.request({.path = "/v1/stream", .as = "mia"});
        const auto answer = test::await(run.tale.world.router.answer(request));

        CHECK(static_cast<int>(answer.status) == 200);
        CHECK(answer.headers.find("Content-Type") == "text/event-stream");
        CHECK(answer.body.starts_with("retry: 2"));
        CHECK(answer.body.ends_with("\n\n"));
    }

    TEST_CASE("the header that browsers send goes before the address they keep") {
        Listening run;
        run.tale.step("ana", "ask");
        run.tale.step("ana", "ask");
        auto request = run.tale.world.request({.path = "/v1/stream?last_event_id=0", .as = "mia"});
        request.headers.set("Last-Event-ID", "2");
        const auto answer = test::await(run.tale.world.router.answer(request));

        REQUIRE(answer.live != nullptr);
        CHECK(ids_in(run.read(*answer.live, "id: 3\n")) == "3 ");
    }

    TEST_CASE("what cannot be streamed is refused before it begins") {
        Listening run;
        auto& world = run.tale.world;

        CHECK(world.get("/v1/stream", "").status == 401);
        CHECK(world.get("/v1/stream?last_event_id=x", "mia").status == 400);
        CHECK(world.get("/v1/stream?last_event_id=-1", "mia").status == 400);
        CHECK(world.get("/v1/stream?unknown=1", "mia").status == 400);
        CHECK(world.get("/v1/stream?instance=ins_none", "mia").status == 404);
        CHECK(world.get("/v1/stream?instance=" + run.tale.instance, "olga").status == 404);
        CHECK(
            world.ask({.path = "/v1/stream", .headers = {{"Accept", "application/json"}}}).status ==
            406);
    }

    TEST_CASE("filters choose whose entries are told") {
        Listening run;
        const auto here = run.listen("mia", "/v1/stream?cohort=" + run.tale.cohort);
        const auto elsewhere = run.listen("mia", "/v1/stream?cluster=clu_other");
        const auto one =
            run.listen("ana", "/v1/stream?type=example.none&instance=" + run.tale.instance);
        run.tale.step("ana", "ask");

        CHECK(ids_in(run.read(*here, "id: 2\n")) == "2 ");
        CHECK(elsewhere->take().empty());
        CHECK(one->take().empty());
    }

    TEST_CASE("who acts in another's place hears what that one may, as long as it may") {
        Listening run;
        auto& world = run.tale.world;
        const std::string body = R"({"to":")" + run.tale.ids["olga"] +
                                 R"(","ends_at":"2027-02-01T00:00:00Z","reason":"leave"})";
        const auto lent = world.post("/v1/delegations", body, "ana");
        REQUIRE_MESSAGE(lent.status == 201, lent.text);
        auto request = world.request({.path = "/v1/stream", .as = "olga"});
        request.headers.set("Sillage-On-Behalf-Of", run.tale.ids["ana"]);
        const auto answer = test::await(world.router.answer(request));
        REQUIRE_MESSAGE(answer.live != nullptr, answer.body);
        run.tale.step("ana", "ask");
        CHECK(ids_in(run.read(*answer.live, "id: 2\n")) == "2 ");
        const auto revoked = world.ask(
            {.method = "DELETE", .path = "/v1/delegations/" + lent.text_at("/id"), .as = "ana"});

        CHECK(revoked.status / 100 == 2);
        CHECK(run.ends(*answer.live));
    }
}
