#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

/// A world whose clock is a sandbox's; what is fired is counted, not done.
struct Sandbox {
    World world;
    int advanced = 0;

    server::net::awaitable<Result<server::SandboxDoor::Advanced>> advance(Instant to) {
        if (to < world.now) {
            co_return Error{.code = ErrorCode::invalid_argument, .message = "in the past"};
        }
        ++advanced;
        world.now = to;
        const auto fire = [&](Runtime& runtime) { return runtime.fire_due(to, 1'000); };
        SILLAGE_CO_TRY(const auto report, co_await world.gate.run(fire));
        co_return server::SandboxDoor::Advanced{to, report.fired};
    }

    Sandbox() {
        world.services.sandbox = {.now = [this] { return world.now; },
                                  .after = [this](std::string_view by) -> Result<Instant> {
                                      return by == "1 day"
                                                 ? Result<Instant>(world.now + Duration{86'400'000})
                                                 : Error{.code = ErrorCode::invalid_argument,
                                                         .message = "no duration"};
                                  },
                                  .advance = [this](Instant to) { return advance(to); }};
        world.router = server::Router{};
        server::add_routes(world.router, world.services);
    }
    Reply send(const std::string& body, const std::string& key = "",
               const std::string& as = "admin") {
        test::Ask ask{.method = "POST", .path = "/v1/sandbox/advance", .as = as, .body = body};
        if (!key.empty()) {
            ask.headers = {{"Idempotency-Key", key}};
        }
        return world.ask(ask);
    }
};

}  // namespace

TEST_SUITE("routes/sandbox") {
    TEST_CASE("without a sandbox there is no such route") {
        World world;

        CHECK(world.post("/v1/sandbox/advance", R"({"by":"1 day"})").status == 404);
    }

    TEST_CASE("an advance answers with the new time and what fired on the way") {
        Sandbox sandbox;
        sandbox.world.publish();
        const std::string instance =
            sandbox.world.instance(sandbox.world.company(sandbox.world.cluster("A"), "Maison"));

        const Reply reply = sandbox.send(R"({"to":"2027-02-01T00:00:00Z"})");

        CHECK(reply.text == R"({"now":"2027-02-01T00:00:00.000Z","fired":3})");
        const Reply shown = sandbox.world.get("/v1/instances/" + instance);
        CHECK(shown.text_at("/states") == R"(["readiness.overdue"])");
        const Reply log = sandbox.world.get("/v1/instances/" + instance + "/history");
        CHECK(log.text_at("/items/3/actor") == R"({"id":"system","roles":["system"]})");
        CHECK(log.text_at("/items/3/at") == "2027-01-15T00:00:00.000Z");
    }

    TEST_CASE("a repeated advance does not go further") {
        Sandbox sandbox;

        const Reply first = sandbox.send(R"({"by":"1 day"})", "key");
        const Reply again = sandbox.send(R"({"by":"1 day"})", "key");

        CHECK(first.text == R"({"now":"2027-01-02T00:00:00.000Z","fired":0})");
        CHECK(again.text == first.text);
        CHECK(again.header("Idempotency-Replayed") == "true");
        CHECK(sandbox.advanced == 1);
    }

    TEST_CASE("what cannot be advanced to is refused") {
        Sandbox sandbox;
        sandbox.world.account("manager", R"([{"role":"manager"}])");

        CHECK(sandbox.send("{}").status == 400);
        CHECK(sandbox.send(R"({"by":"1 day","to":"2027-02-01T00:00:00Z"})").status == 400);
        CHECK(sandbox.send(R"({"by":"soon"})").text_at("/pointer") == "/by");
        CHECK(sandbox.send(R"({"to":"soon"})").text_at("/pointer") == "/to");
        CHECK(sandbox.send(R"({"to":"2026-02-01T00:00:00Z"})").status == 400);
        CHECK(sandbox.send(R"({"by":"1 day"})", "", "manager").status == 403);
        CHECK(sandbox.advanced == 0);
    }
}
