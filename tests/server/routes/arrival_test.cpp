#include "server/routes/arrival.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <latch>
#include <vector>

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Ask;
using test::Reply;
using test::World;

namespace {

/// The engine has other work until `free` is called.
class BusyEngine {
  public:
    explicit BusyEngine(World& world) {
        boost::asio::co_spawn(context, hold(world.gate), boost::asio::detached);
        context.poll();
        running_.wait();
    }
    /// Sends the request, and does all that can be done of it without the engine.
    void send(World& world, const Ask& ask) {
        replies.emplace_back();
        boost::asio::co_spawn(context, answer(world, ask, replies.size() - 1),
                              boost::asio::detached);
        context.poll();
    }
    /// Until all are answered.
    void free() {
        free_.count_down();
        context.run();
    }

    boost::asio::io_context context;
    /// In the order of their requests; of status 0 as long as there is none.
    std::vector<Reply> replies;

  private:
    boost::asio::awaitable<void> hold(server::Gate& gate) {
        auto work = [&](Runtime&) -> Result<void> {
            running_.count_down();
            free_.wait();
            return success();
        };
        [[maybe_unused]] const auto outcome = co_await gate.run(work);
    }
    boost::asio::awaitable<void> answer(World& world, Ask ask, std::size_t index) {
        server::Request request = world.request(ask);
        const server::Response response = co_await world.router.answer(std::move(request));
        replies[index] = World::reply(response);
    }

    std::latch running_{1};
    std::latch free_{1};
};

Ask cluster(const std::string& key, const std::string& name = "A",
            const std::string& as = "admin") {
    return {.method = "POST",
            .path = "/v1/clusters",
            .as = as,
            .body = R"({"name":")" + name + R"("})",
            .headers = {{"Idempotency-Key", key}}};
}

}  // namespace

TEST_SUITE("routes/arrival") {
    TEST_CASE("a repeat is told while its first still waits, and is answered once that is done") {
        World world;
        BusyEngine engine(world);

        engine.send(world, cluster("k"));
        engine.send(world, cluster("k"));

        CHECK(engine.replies[0].status == 0);
        CHECK(engine.replies[1].status == 409);
        CHECK(engine.replies[1].text_at("/type") == "/problems/in-progress");
        CHECK(engine.replies[1].header("Retry-After") == "1");
        engine.free();
        CHECK(engine.replies[0].status == 201);
        const Reply later = world.ask(cluster("k"));
        CHECK(later.status == 201);
        CHECK(later.header("Idempotency-Replayed") == "true");
        CHECK(later.text == engine.replies[0].text);
    }

    TEST_CASE("another body is told apart already while the first waits") {
        World world;
        BusyEngine engine(world);

        engine.send(world, cluster("k"));
        engine.send(world, cluster("k", "B"));

        CHECK(engine.replies[1].status == 422);
        CHECK(engine.replies[1].text_at("/type") == "/problems/idempotency");
        engine.free();
        CHECK(engine.replies[0].status == 201);
    }

    TEST_CASE("a key is another's, or another address's, at the same time") {
        World world;
        world.account("boss", R"([{"role":"admin"}])");
        CHECK(world.get("/v1/me", "boss").status == 200);
        BusyEngine engine(world);
        Ask elsewhere = cluster("k");
        elsewhere.path = "/v1/companies";

        engine.send(world, cluster("k"));
        engine.send(world, cluster("k", "A", "boss"));
        engine.send(world, elsewhere);
        engine.free();

        CHECK(engine.replies[0].status == 201);
        CHECK(engine.replies[1].status == 201);
        CHECK(engine.replies[2].status == 400);
    }

    TEST_CASE("a key is free again after a refusal, and after an error that is not kept") {
        World world;
        world.store.room = 0;
        CHECK(world.ask(cluster("k")).status == 503);
        world.store.room.reset();

        CHECK(world.ask(cluster("k", "")).status == 400);
        CHECK(world.ask(cluster("k")).status == 201);
    }

    TEST_CASE("a bulk of events holds its key until all its instances had their turn") {
        World world;
        world.publish();
        const std::string cluster_id = world.cluster("A");
        const std::string cohort = world.cohort(cluster_id);
        world.instance(world.company(cluster_id, "M"), cohort);
        const Ask bulk{.method = "POST",
                       .path = "/v1/cohorts/" + cohort + "/events",
                       .body = R"({"event":"submit"})",
                       .headers = {{"Idempotency-Key", "k"}}};
        BusyEngine engine(world);

        engine.send(world, bulk);
        engine.send(world, bulk);
        engine.free();

        CHECK(engine.replies[0].status == 200);
        CHECK(engine.replies[1].status == 409);
        CHECK(world.ask(bulk).header("Idempotency-Replayed") == "true");
    }

    TEST_CASE("a dry run neither holds a key nor minds one that is held") {
        World world;
        world.publish();
        const std::string instance = world.instance(world.company(world.cluster("A"), "M"));
        Ask dry{.method = "POST",
                .path = "/v1/instances/" + instance + "/events?dry_run=true",
                .body = R"({"event":"answer","data":{"score":72}})",
                .headers = {{"Idempotency-Key", "k"}}};
        BusyEngine engine(world);

        engine.send(world, dry);
        engine.send(world, dry);
        engine.free();

        CHECK(engine.replies[0].status == engine.replies[1].status);
        CHECK(engine.replies[1].status != 409);
    }

    TEST_CASE("every answer to an account says what it may ask for and what is left of that") {
        World world;
        world.services.allowances = std::make_unique<server::Allowances>(
            server::Allowance{.requests = 100, .window = std::chrono::seconds(60)});

        const Reply first = world.get("/v1/me");
        const Reply unrouted = world.get("/v1/nothing");
        const Reply stranger = world.get("/v1/me", "unknown");

        CHECK(first.header("RateLimit-Policy") == R"("default";q=100;w=60)");
        CHECK(first.header("RateLimit") == R"("default";r=99;t=1)");
        CHECK(unrouted.header("RateLimit").empty());
        CHECK(world.get("/v1/companies/com_no").header("RateLimit") == R"("default";r=98;t=2)");
        CHECK(stranger.status == 401);
        CHECK(stranger.header("RateLimit") == R"("default";r=99;t=1)");
        CHECK(world.get("/healthz", "").header("RateLimit").empty());
    }

    TEST_CASE("TM7: guessing has a limit by address, whatever is guessed, and accounts go on") {
        World world;
        world.services.allowances = std::make_unique<server::Allowances>(
            server::Allowance{.requests = 2, .window = std::chrono::seconds(3600)});

        CHECK(world.get("/v1/me", "one").status == 401);
        CHECK(world.get("/v1/me", "two").status == 401);
        const Reply third = world.get("/v1/me", "three");

        CHECK(third.status == 429);
        CHECK(!third.header("Retry-After").empty());
        CHECK(world.get("/v1/me").status == 200);
    }

    TEST_CASE("a malformed Idempotency-Key is refused wherever it is sent") {
        World world;
        for (const auto* path : {"/v1/clusters", "/v1/workflows?dry_run=true", "/v1/setup",
                                 "/v1/instances/ins_no/explain"}) {
            CAPTURE(path);
            const Reply reply = world.ask({.method = "POST",
                                           .path = path,
                                           .body = "{}",
                                           .headers = {{"Idempotency-Key", "a blank"}}});
            CHECK(reply.status == 400);
        }
    }

    TEST_CASE("beyond its allowance an account is told when to come back, and others go on") {
        World world;
        world.account("boss", R"([{"role":"admin"}])");
        world.services.allowances = std::make_unique<server::Allowances>(
            server::Allowance{.requests = 2, .window = std::chrono::seconds(3600)});

        CHECK(world.ask(cluster("k")).status == 201);
        CHECK(world.ask(cluster("k")).header("Idempotency-Replayed") == "true");
        const Reply refused = world.ask(cluster("l"));

        CHECK(refused.status == 429);
        CHECK(refused.text_at("/type") == "/problems/rate-limit");
        CHECK(refused.header("Retry-After") == "1800");
        CHECK(refused.header("RateLimit") == R"("default";r=0;t=3600)");
        CHECK(world.get("/v1/clusters", "boss").at("/items").as_array().size() == 1);
    }

    TEST_CASE("an account has only so many requests under way at once") {
        World world;
        world.account("boss", R"([{"role":"admin"}])");
        CHECK(world.get("/v1/me", "boss").status == 200);
        world.services.allowances =
            std::make_unique<server::Allowances>(server::Allowance{.running = 2});
        BusyEngine engine(world);

        engine.send(world, {.path = "/v1/me"});
        engine.send(world, cluster("k"));
        engine.send(world, {.path = "/v1/me"});
        engine.send(world, {.path = "/v1/me", .as = "boss"});

        CHECK(engine.replies[2].status == 429);
        CHECK(engine.replies[2].header("Retry-After") == "1");
        CHECK(engine.replies[2].header("RateLimit-Policy") ==
              R"("running";q=2;qu="concurrent-requests")");
        engine.free();
        CHECK(engine.replies[1].status == 201);
        CHECK(engine.replies[3].status == 200);
        CHECK(world.get("/v1/me").status == 200);
    }
}
