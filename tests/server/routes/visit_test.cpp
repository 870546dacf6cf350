#include "server/routes/visit.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::error_of;
using test::ok;
using test::Reply;
using test::World;

namespace {

Reply post_cluster(World& world, const std::string& key, const std::string& name = "A",
                   const std::string& as = "admin") {
    return world.ask({.method = "POST",
                      .path = "/v1/clusters",
                      .as = as,
                      .body = R"({"name":")" + name + R"("})",
                      .headers = {{"Idempotency-Key", key}}});
}

}  // namespace

TEST_SUITE("routes/visit") {
    TEST_CASE("the same key and body give the stored answer and do nothing again") {
        World world;

        const Reply first = post_cluster(world, "key");
        const Reply again = post_cluster(world, "key");

        CHECK(first.status == 201);
        CHECK(first.header("Idempotency-Replayed").empty());
        CHECK(again.status == 201);
        CHECK(again.text == first.text);
        CHECK(again.header("Location") == first.header("Location"));
        CHECK(again.header("Idempotency-Replayed") == "true");
        CHECK(world.get("/v1/clusters").at("/items").as_array().size() == 1);
    }

    TEST_CASE("a key belongs to a body, an account and a path") {
        World world;
        world.account("boss", R"([{"role":"admin"}])");
        post_cluster(world, "key");

        CHECK(post_cluster(world, "key", "B").text_at("/type") == "/problems/idempotency");
        CHECK(post_cluster(world, "key", "A", "boss").header("Idempotency-Replayed").empty());
    }

    TEST_CASE("refusals of the request's own doing are stored, bad requests are not") {
        World world;
        world.account("mentor", R"([{"role":"mentor"}])");
        const test::Ask bad{.method = "POST",
                            .path = "/v1/clusters",
                            .body = "{}",
                            .headers = {{"Idempotency-Key", "key"}}};
        world.publish();
        const std::string company = world.company(world.cluster("A"), "M");
        const test::Ask refused{.method = "POST",
                                .path = "/v1/instances/" + world.instance(company) + "/events",
                                .as = "mentor",
                                .body = R"({"event":"submit"})",
                                .headers = {{"Idempotency-Key", "key"}}};

        CHECK(world.ask(bad).status == 400);
        CHECK(world.ask(bad).header("Idempotency-Replayed").empty());
        CHECK(world.ask(refused).status == 403);
        CHECK(world.ask(refused).status == 403);
        CHECK(world.ask(refused).header("Idempotency-Replayed") == "true");
    }

    TEST_CASE("a key is visible ASCII of at most 255 characters") {
        World world;

        CHECK(post_cluster(world, std::string(255, 'k')).status == 201);
        for (const std::string& key :
             {std::string(256, 'k'), std::string("a b"), std::string("é"), std::string("\t")}) {
            CAPTURE(key);
            CHECK(post_cluster(world, key).status == 400);
        }
    }

    TEST_CASE("a read is run again when what it met was lost, a write is told so") {
        World world;
        const std::string path = "/v1/companies/" + world.company(world.cluster("A"), "M");

        world.store.lost_syncs = 2;
        CHECK(world.get(path).status == 200);
        CHECK(world.store.lost_syncs == 0);
        world.store.lost_syncs = 9;
        CHECK(world.get(path).text_at("/type") == "/problems/storage-full");
        CHECK(world.store.lost_syncs == 6);
        world.store.lost_syncs = 1;
        CHECK(post_cluster(world, "key").status == 503);
        CHECK(world.store.lost_syncs == 0);
    }

    TEST_CASE("HEAD is answered wherever GET is, and wrong methods name the right ones") {
        World world;

        CHECK(world.ask({.method = "HEAD", .path = "/v1/clusters"}).status == 200);
        const Reply wrong = world.ask({.method = "DELETE", .path = "/v1/clusters"});
        CHECK(wrong.status == 405);
        CHECK(wrong.header("Allow").find("POST") != std::string::npos);
    }

    TEST_CASE("roles that workflows declare count in the registry") {
        World world;
        std::string workflow = test::export_readiness();
        workflow.insert(workflow.find("  sme: "), "  lead: { rights: manager }\n");
        CHECK(world
                  .ask({.method = "POST",
                        .path = "/v1/workflows",
                        .body = workflow,
                        .content_type = "application/yaml"})
                  .status == 201);
        const std::string cluster = world.cluster("A");
        world.account("lead", R"([{"role":"lead","cluster":")" + cluster + R"("}])");

        CHECK(world.post("/v1/companies", R"({"cluster":")" + cluster + R"(","name":"X"})", "lead")
                  .status == 201);
        CHECK(world.get("/v1/me", "lead").text_at("/rights") == R"(["manager"])");
    }

    TEST_CASE("an answer goes to the store and back unchanged") {
        server::Response response{.status = server::Status::created, .body = "{}"};
        response.headers.add("ETag", "\"1\"");

        CHECK(server::to_response(server::to_answer(response)) == response);
    }
}
