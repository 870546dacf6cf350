#include "server/webhooks/log_feed.hpp"

#include "engine/base/json.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;
using test::World;

namespace {

/// A world with two clusters, and an instance in the first.
struct Fixture {
    World world;
    std::string cluster;
    std::string other;
    LogFeed feed{"https://sillage.example.org"};

    Fixture() {
        world.publish();
        cluster = world.cluster("A");
        other = world.cluster("B");
        world.account("mia", R"([{"role":"manager","cluster":")" + cluster + R"("}])");
    }
    std::string webhook(const std::string& members, const std::string& as = "admin") {
        const auto made = world.post("/v1/webhooks",
                                     R"({"url":"https://hooks.example.org/")" + members + "}", as);
        REQUIRE_MESSAGE(made.status == 201, made.text);
        return made.text_at("/id");
    }
    Fed look(std::uint64_t position = 0) {
        return ok(feed.look(world.runtime, {.position = position, .now = Instant{1}}));
    }
};

}  // namespace

TEST_SUITE("webhooks/log_feed") {
    TEST_CASE("each webhook is told what its cluster, its types and its account let it know") {
        Fixture fixture;
        const std::string all = fixture.webhook("");
        const std::string own = fixture.webhook(R"(,"types":["sillage.instance.started"])", "mia");
        fixture.webhook(R"(,"cluster":")" + fixture.other + R"(")");
        const std::string company = fixture.world.company(fixture.cluster, "Maison");
        const std::string instance = fixture.world.instance(company);

        const Fed fed = fixture.look();

        REQUIRE(fed.subscriptions != nullptr);
        CHECK(fed.subscriptions->size() == 3);
        REQUIRE(fed.deliveries.size() >= 2);
        for (const Delivery& delivery : fed.deliveries) {
            CHECK((delivery.webhook == all || delivery.webhook == own));
            CHECK(delivery.instance == instance);
        }
        const Delivery& first = fed.deliveries.front();
        CHECK(first.type == "sillage.instance.started");
        CHECK(first.headers ==
              std::vector<std::string>{"Content-Type: application/cloudevents+json"});
        const auto body = ok(parse_json(first.body));
        CHECK(body.at("id").as_string() == first.event);
        CHECK(body.at("subject").as_string() == instance);
        CHECK(fixture.look(fed.position).deliveries.empty());
    }

    TEST_CASE("a webhook hears of nothing that was before it, and the same look gives the same") {
        Fixture fixture;
        const std::string company = fixture.world.company(fixture.cluster, "Maison");
        fixture.world.instance(company);
        fixture.webhook("");
        CHECK(fixture.look().deliveries.empty());

        fixture.world.instance(company);
        const Fed first = fixture.look();
        CHECK_FALSE(first.deliveries.empty());
        CHECK(fixture.look().deliveries == first.deliveries);
    }

    TEST_CASE("in binary mode the attributes are headers and the body is the data") {
        Fixture fixture;
        fixture.webhook(R"(,"mode":"binary","types":["sillage.instance.started"])");
        fixture.world.instance(fixture.world.company(fixture.cluster, "Maison"));

        const Fed fed = fixture.look();

        REQUIRE(fed.deliveries.size() == 1);
        CHECK(fed.deliveries.front().headers.front() == "ce-specversion: 1.0");
        CHECK(fed.deliveries.front().headers.back() == "Content-Type: application/json");
        CHECK_FALSE(
            ok(parse_json(fed.deliveries.front().body)).as_object().contains("specversion"));
    }

    TEST_CASE("a deleted webhook, and one whose account is no more, hears nothing") {
        Fixture fixture;
        const std::string gone = fixture.webhook("");
        CHECK(fixture.look().subscriptions->size() == 1);
        CHECK(fixture.world.ask({.method = "DELETE", .path = "/v1/webhooks/" + gone}).status ==
              204);
        fixture.world.instance(fixture.world.company(fixture.cluster, "Maison"));

        const Fed fed = fixture.look();
        REQUIRE(fed.subscriptions != nullptr);
        CHECK(fed.subscriptions->empty());
        CHECK(fed.deliveries.empty());
    }
}
