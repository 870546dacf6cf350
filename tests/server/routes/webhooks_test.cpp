#include "engine/base/json.hpp"
#include "server/hooks/subscription.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::Ask;
using test::ok;
using test::Reply;
using test::World;

namespace {

/// Two clusters; in the first a manager, an integration and a mentor.
struct Fixture {
    World world;
    std::string cluster = world.cluster("A");
    std::string other = world.cluster("B");

    Fixture() {
        for (const auto* role : {"manager", "integration", "mentor"}) {
            world.account(role, std::string(R"([{"role":")") + role + R"(","cluster":")" + cluster +
                                    R"("}])");
        }
    }
    Reply make(const std::string& members = "", const std::string& as = "integration") {
        return world.post("/v1/webhooks", R"({"url":"https://hooks.example.org/x")" + members + "}",
                          as);
    }
    [[nodiscard]] Record record(const std::string& id) {
        return *ok(ok(world.store.read())->record(RecordKind::webhook, id, std::nullopt));
    }
};

}  // namespace

TEST_SUITE("routes/webhooks") {
    TEST_CASE("a webhook's secret is shown once, and its cluster is the caller's own") {
        Fixture fixture;
        const Reply made = fixture.make();

        REQUIRE(made.status == 201);
        CHECK(made.header("Cache-Control") == "no-store");
        CHECK(made.text_at("/secret").starts_with("whsec_"));
        CHECK(made.text_at("/cluster") == fixture.cluster);
        CHECK(made.text_at("/status") == "active");
        CHECK(made.text_at("/mode") == "structured");
        CHECK(made.at("/public_key").is_null());
        const Reply shown = fixture.world.get(made.header("Location"), "integration");
        CHECK_FALSE(shown.json().contains("secret"));
        CHECK(shown.text.find("whsec_") == std::string::npos);
    }

    TEST_CASE(
        "it is its owner's and those who manage its cluster, and to others it does not exist") {
        Fixture fixture;
        const std::string path = fixture.make().header("Location");
        const std::string of_manager = fixture.make("", "manager").header("Location");

        CHECK(fixture.world.get(path, "manager").status == 200);
        CHECK(fixture.world.get(of_manager, "integration").status == 404);
        CHECK(fixture.world.get(path, "mentor").status == 403);
        CHECK(fixture.world.get("/v1/webhooks", "manager").at("/items").as_array().size() == 2);
        CHECK(fixture.world.get("/v1/webhooks", "integration").at("/items").as_array().size() == 1);
        CHECK(fixture.make(R"(,"cluster":")" + fixture.other + R"(")").status == 404);
        CHECK(fixture.make("", "mentor").status == 403);
    }

    TEST_CASE("what makes no sense is refused where it stands") {
        Fixture fixture;
        test::check_cases(fixture.world,
                          {{.name = "a type with blanks",
                            .ask = {"POST", "/v1/webhooks", "manager",
                                    R"({"url":"https://a.example/","types":["a b"]})"},
                            .status = 400,
                            .expected = {"/types/0"}},
                           {.name = "another mode",
                            .ask = {"POST", "/v1/webhooks", "manager",
                                    R"({"url":"https://a.example/","mode":"batch"})"},
                            .status = 400,
                            .expected = {"/mode"}},
                           {.name = "a secret that is none",
                            .ask = {"POST", "/v1/webhooks", "manager",
                                    R"({"url":"https://a.example/","secret":"whsec_c2hvcnQ="})"},
                            .status = 400,
                            .expected = {"/secret"},
                            .forbidden = {"c2hvcnQ"}},
                           {.name = "no URL",
                            .ask = {"POST", "/v1/webhooks", "manager", "{}"},
                            .status = 400,
                            .expected = {"/url"}}});
    }

    TEST_CASE("it is changed, paused and enabled, and enabling undoes what the server disabled") {
        Fixture fixture;
        const std::string id = fixture.make().text_at("/id");
        const std::string path = "/v1/webhooks/" + id;
        const Reply paused = fixture.world.patch(path, R"({"enabled":false,"types":["a.*"]})");
        CHECK(paused.text_at("/status") == "paused");
        CHECK(subscription_of(fixture.record(id)).wants("a.b"));

        Record record = fixture.record(id);
        disable(record.body, disabled_gone, fixture.world.now);
        ok(fixture.world.runtime.perform(std::nullopt, [&](Work& work) {
            ok(work.put_record(record));
            return Answer{};
        }));
        CHECK(fixture.world.get(path).text_at("/disabled_reason") == disabled_gone);
        CHECK(fixture.world.patch(path, R"({"name":"n"})").text_at("/status") == "disabled");
        CHECK(fixture.world.patch(path, R"({"enabled":true})").text_at("/status") == "active");
    }

    TEST_CASE("TM11: a new secret stands beside the one it replaces, and a deleted one is wiped") {
        Fixture fixture;
        const Reply made = fixture.make(R"(,"ed25519":true)");
        const std::string id = made.text_at("/id");
        CHECK(made.text_at("/public_key").starts_with("whpk_"));

        const Reply rotated = fixture.world.post("/v1/webhooks/" + id + "/rotate", "{}");
        CHECK(rotated.text_at("/secret") != made.text_at("/secret"));
        CHECK(subscription_of(fixture.record(id)).keys_at(fixture.world.now).size() == 3);

        CHECK(fixture.world.ask({.method = "DELETE", .path = "/v1/webhooks/" + id}).status == 204);
        CHECK(fixture.world.get("/v1/webhooks/" + id).status == 404);
        CHECK(fixture.record(id).body.at("secrets").as_array().empty());
    }

    TEST_CASE("where nothing is sent, what was sent is not known either") {
        Fixture fixture;
        const std::string id = fixture.make().text_at("/id");

        CHECK(fixture.world.get("/v1/webhooks/" + id + "/deliveries").status == 503);
    }

    TEST_CASE("TM7: a limited token makes no webhook or source that does more than itself") {
        World world;
        const std::string cluster = world.cluster("A");
        const std::string account = world.account("ivo", R"([{"role":"admin"}])");
        const auto token = [&](const std::string& scopes) {
            return world
                .post("/v1/accounts/" + account + "/tokens",
                      R"({"name":"x","scopes":)" + scopes + "}", "admin")
                .text_at("/token");
        };
        const std::string webhook = R"({"url":"https://hooks.example.org/x"})";
        const std::string source =
            R"({"name":"x","cluster":")" + cluster +
            R"(","mapping":{"event":"payload.event","instance":"payload.to"}})";
        const std::string alone = token(R"(["webhooks"])");
        const std::string reads = token(R"(["webhooks","read"])");
        const std::string acts = token(R"(["webhooks","instances"])");

        const Reply deaf = world.post("/v1/webhooks", webhook, alone);
        CHECK(deaf.status == 403);
        CHECK(deaf.text_at("/detail").find("needs the scope read") != std::string::npos);
        CHECK(world.post("/v1/webhooks", webhook, reads).status == 201);
        const Reply idle = world.post("/v1/inbound", source, reads);
        CHECK(idle.status == 403);
        CHECK(idle.text_at("/detail").find("needs the scope instances") != std::string::npos);
        const Reply made = world.post("/v1/inbound", source, acts);
        CHECK_MESSAGE(made.status == 201, made.text);
    }
}
