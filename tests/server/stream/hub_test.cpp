#include "server/stream/hub.hpp"

#include "tests/server/stream/listening.hpp"
#include "tests/support/await.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ids_in;
using test::Listening;
using test::ok;

namespace {

constexpr auto talk = R"(
workflow: talk
version: 1
initial: open
states:
  open:
    on:
      say:
        form: { text: { type: string, required: true } }
        actions: [emit: { type: said, data: { text: "${event.data.text}" } }]
)";

/// An instance in which things of any length can be said.
std::string talk_in(test::Tale& tale) {
    REQUIRE(tale.world
                .ask({.method = "POST",
                      .path = "/v1/workflows",
                      .body = talk,
                      .content_type = "application/yaml"})
                .status == 201);
    return tale.world
        .post("/v1/instances", R"({"workflow":"talk","company":")" + tale.company + R"("})")
        .text_at("/id");
}

/// The registry changes, and then the instance, as if nobody looked.
void revoke_and_ask(test::Tale& tale, Runtime& runtime, Instant now) {
    ok(runtime.perform(std::nullopt, [&](Work& work) {
        Record account = ok(work.record(RecordKind::account, tale.ids["mia"]));
        ok(work.put_record(std::move(account)));
        return Answer{};
    }));
    ok(runtime.perform(std::nullopt, [&](Work& work) {
        const Call call{.actor = {.id = tale.ids["ana"], .roles = {"sme"}}, .now = now};
        ok(work.submit(ok(work.load(tale.instance)), {.event = "ask"}, call));
        return Answer{};
    }));
}

}  // namespace

TEST_SUITE("stream/hub") {
    TEST_CASE("what happens once a stream is open is told, each entry once and in order") {
        Listening run;
        const auto body = run.listen("mia");
        run.tale.step("ana", "ask");
        run.tale.step("eva", "sign", R"({"points":71})");

        CHECK(ids_in(run.read(*body, "id: 3\n")) == "2 3 ");
        run.tale.step("mia", "agree");
        CHECK(ids_in(run.read(*body, "id: 4\n")) == "4 ");
    }

    TEST_CASE("P7: a stream goes on after a position without gap or repeat, into what comes") {
        Listening run({.page = 2});
        for (int i = 0; i < 8; ++i) {
            run.tale.step("ana", "ask");
        }
        const auto early = run.listen("mia", "/v1/stream?last_event_id=0");
        const auto late = run.listen("mia", "/v1/stream?lastEventId=6");
        run.tale.step("eva", "sign", R"({"points":71})");

        CHECK(ids_in(run.read(*early, "id: 10\n")) == "1 2 3 4 5 6 7 8 9 10 ");
        CHECK(ids_in(run.read(*late, "id: 10\n")) == "7 8 9 10 ");
        run.tale.step("mia", "agree");
        CHECK(ids_in(run.read(*early, "id: 11\n")) == "11 ");
        CHECK(ids_in(run.read(*late, "id: 11\n")) == "11 ");
    }

    TEST_CASE("P7: a stream goes on past more than may wait, and past a message longer than that") {
        Listening run;
        const std::string instance = talk_in(run.tale);
        const auto say = [&](std::size_t length) {
            run.tale.world.step(instance, "admin", "say",
                                R"({"text":")" + std::string(length, 'x') + R"("})");
        };
        for (int i = 0; i < 20; ++i) {
            say(outlet_bytes_max / 20);
        }
        say(outlet_bytes_max);
        say(1);
        const auto body = run.listen("admin", "/v1/stream?last_event_id=2");
        run.control.run_for(std::chrono::milliseconds(20));  // it waits for its reader

        CHECK(ids_in(run.read(*body, "id: 24\n")) ==
              "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 ");
        say(1);
        CHECK(ids_in(run.read(*body, "id: 25\n")) == "25 ");
        CHECK_FALSE(body->has_ended());
    }

    TEST_CASE("TM2: a stream tells nobody of instances that are not for it") {
        Listening run;
        const auto stranger = run.listen("olga");
        const auto own = run.listen("ana");
        run.tale.step("ana", "ask");

        CHECK(ids_in(run.read(*own, "id: 2\n")) == "2 ");
        CHECK(stranger->take().empty());
    }

    TEST_CASE("TM7: the stream of a revoked token ends") {
        Listening run;
        const auto body = run.listen("mia");
        const std::string tokens = "/v1/accounts/" + run.tale.ids["mia"] + "/tokens";
        const auto listed = run.tale.world.get(tokens).text_at("/items/0/id");
        const auto revoked =
            run.tale.world.ask({.method = "DELETE", .path = tokens + "/" + listed});

        CHECK(revoked.status == 204);
        CHECK(run.ends(*body));
    }

    TEST_CASE("TM7: what happens after a revocation, while accounts are looked up, is not told") {
        Listening run;
        const auto rightful = run.listen("ana");
        const auto account = std::make_shared<const Account>(run.tale.account("mia"));
        int looks = 0;
        StreamRequest asked{.account = account};
        asked.find = [&](Runtime& runtime, Instant now) -> Result<AccountPointer> {
            if (++looks > 1) {
                return Error{.code = ErrorCode::unauthenticated, .message = "It was revoked."};
            }
            revoke_and_ask(run.tale, runtime, now);
            return account;
        };
        const auto revoked = ok(run.hub.subscribe(std::move(asked)));

        CHECK(ids_in(run.read(*rightful, "id: 2\n")) == "2 ");
        CHECK(run.ends(*revoked));
        CHECK(revoked->take().empty());
    }

    TEST_CASE("rights are judged for each message") {
        Listening run;
        const auto body = run.listen("ivo", "/v1/stream?last_event_id=0");
        CHECK(ids_in(run.read(*body, "id: 1\n")) == "1 ");
        const auto patched =
            run.tale.world.patch("/v1/accounts/" + run.tale.ids["ivo"],
                                 R"({"roles":[{"role":"integration","company":")" +
                                     run.tale.world.company(run.tale.cluster, "Third") + R"("}]})");
        REQUIRE_MESSAGE(patched.status == 200, patched.text);
        const auto other = run.listen("mia");
        run.tale.step("ana", "ask");

        CHECK(ids_in(run.read(*other, "id: 2\n")) == "2 ");
        CHECK(body->take().empty());
    }

    TEST_CASE("a stream that cannot go on says so, and goes on from where things stand") {
        Listening run({.replay_max = 3});
        for (int i = 0; i < 5; ++i) {
            run.tale.step("ana", "ask");
        }
        const auto old = run.listen("mia", "/v1/stream?last_event_id=2");
        const auto foreign = run.listen("mia", "/v1/stream?last_event_id=99");
        const auto young = run.listen("mia", "/v1/stream?last_event_id=3");

        CHECK(run.read(*old, "\n\n") ==
              "id: 6\nevent: reset\ndata: {\"position\":6,\"reason\":\"expired\"}\n\n");
        CHECK(run.read(*foreign, "\n\n").find("\"reason\":\"unknown\"") != std::string::npos);
        CHECK(ids_in(run.read(*young, "id: 6\n")) == "4 5 6 ");
        run.tale.step("ana", "ask");
        CHECK(ids_in(run.read(*old, "id: 7\n")) == "7 ");
    }

    TEST_CASE("X14: an account has so many streams and no more, until one ends") {
        Listening run({.streams_per_account = 1});
        auto first = run.listen("mia");
        const auto refused = run.tale.world.get("/v1/stream", "mia");

        CHECK(refused.status == 429);
        CHECK(run.hub.stream_count() == 1);
        const auto other = run.listen("ana");
        first.reset();
        CHECK(run.listen("mia") != nullptr);
    }

    TEST_CASE("a stream ends when the server stops") {
        Listening run;
        const auto body = run.listen("mia");
        run.hub.stop();

        CHECK(body->has_ended());
        CHECK(run.tale.world.get("/v1/stream", "mia").status == 503);
    }
}
