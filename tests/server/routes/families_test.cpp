// Instances that other instances invoked, as the API shows them.

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

constexpr auto child_yaml = R"(
workflow: track
version: 1
roles: { sme: {} }
context: { market: { type: string, default: none } }
initial: open
states:
  open: { on: { file: { by: sme, target: filed } } }
  filed: { type: final, output: "${market}" }
)";

constexpr auto parent_yaml = R"(
workflow: export-journey
version: 1
roles: { sme: {} }
initial: tracks
states:
  tracks:
    invoke: { workflow: track, each: "${['US', 'JP']}", input: { market: "${item}" } }
    on: { leave: { by: sme, target: left } }
    onDone: left
  left: {}
)";

constexpr auto forwarding_yaml = R"(
workflow: forwarding
version: 1
roles: { sme: {} }
initial: waiting
states:
  waiting:
    invoke: { workflow: track, id: track, forward: true }
    on: { leave: { by: sme, target: left } }
  left: {}
)";

/// A company's journey with a track for each of two markets.
struct Journey {
    World world;
    std::string cluster, company, id;

    Journey() {
        for (const char* text : {child_yaml, parent_yaml, forwarding_yaml}) {
            const Reply published = world.ask({.method = "POST",
                                               .path = "/v1/workflows",
                                               .body = text,
                                               .content_type = "application/yaml"});
            CAPTURE(published.text);
            REQUIRE(published.status == 201);
        }
        cluster = world.cluster("A");
        company = world.company(cluster, "Maison A");
        world.account("sme", R"([{"role":"sme","company":")" + company + R"("}])");
        const Reply started = world.post(
            "/v1/instances", R"({"workflow":"export-journey","company":")" + company + R"("})");
        CAPTURE(started.text);
        REQUIRE(started.status == 201);
        CHECK(started.text_at("/children/1/invoke") == "tracks.1");
        id = started.text_at("/id");
    }
    /// The id of that child.
    std::string child(const std::string& position) {
        return world.get("/v1/instances/" + id).text_at("/children/" + position + "/id");
    }
};

}  // namespace

TEST_SUITE("routes/families") {
    TEST_CASE("an event that a child takes is explained as taken, as it then is") {
        Journey journey;
        World& world = journey.world;
        const std::string path =
            "/v1/instances/" +
            world
                .post("/v1/instances",
                      R"({"workflow":"forwarding","company":")" + journey.company + R"("})")
                .text_at("/id");
        const auto send = [&](const char* what, const char* event) {
            return world.post(path + what, std::string(R"({"event":")") + event + R"("})", "sme");
        };

        const Reply taken = send("/explain", "file");
        CHECK(taken.at("/accepted") == true);
        CHECK(taken.text_at("/children/0") == world.get(path).text_at("/children/0/id"));
        const Reply refused = send("/explain", "unknown");
        CHECK(refused.at("/accepted") == false);
        CHECK(refused.at("/children") == boost::json::array());
        CHECK(send("/explain", "leave").at("/accepted") == true);

        CHECK(send("/events", "file").status == 200);
        CHECK(send("/events", "file").status == 409);
        CHECK(send("/explain", "file").at("/accepted") == false);
    }

    TEST_CASE("an instance shows its children, and each of them its parent") {
        Journey journey;
        World& world = journey.world;
        const std::string child = journey.child("0");

        const Reply shown = world.get("/v1/instances/" + child);

        CHECK(shown.text_at("/parent") == R"({"id":")" + journey.id + R"(","invoke":"tracks.0"})");
        CHECK(shown.text_at("/children") == "[]");
        CHECK(shown.text_at("/company") == journey.company);
        CHECK(shown.text_at("/context/market") == "US");
        CHECK(world.get("/v1/instances/" + journey.id).text_at("/parent") == "null");
        CHECK(world.get("/v1/instances/" + child + "/history").text_at("/items/0/event") ==
              "$start");
    }

    TEST_CASE("an account acts on a child, whose end its parent shows") {
        Journey journey;
        World& world = journey.world;
        const std::string child = journey.child("0");

        world.step(child, "sme", "file");

        const Reply parent = world.get("/v1/instances/" + journey.id);
        CHECK(parent.text_at("/sequence") == "2");
        CHECK(parent.text_at("/children/0/done") == "true");
        CHECK(parent.text_at("/children/0/workflow") == "track");
        CHECK(parent.text_at("/children/1/done") == "false");
        CHECK(world.get("/v1/instances/" + journey.id + "/history").text_at("/items/1/event") ==
              "done.invoke.tracks.0");
    }

    TEST_CASE("a list asks for the children of one, or for those without a parent") {
        Journey journey;
        World& world = journey.world;
        const auto count = [&](const std::string& query) {
            return world.get("/v1/instances?" + query).at("/items").as_array().size();
        };

        CHECK(count("parent=" + journey.id) == 2);
        CHECK(count("parent=") == 1);
        CHECK(count("parent=" + journey.child("0")) == 0);
        CHECK(count("workflow=track") == 2);
        CHECK(count("") == 3);
    }

    TEST_CASE("a binding to an instance admits its children, and no others") {
        Journey journey;
        World& world = journey.world;
        world.account("guest", R"([{"role":"sme","instance":")" + journey.id + R"("}])");
        const std::string child = journey.child("1");
        world.account("track only", R"([{"role":"sme","instance":")" + child + R"("}])");

        CHECK(world.get("/v1/instances/" + child, "guest").status == 200);
        CHECK(world.get("/v1/instances", "guest").at("/items").as_array().size() == 3);
        world.step(child, "guest", "file");
        CHECK(world.get("/v1/instances/" + child, "track only").status == 200);
        CHECK(world.get("/v1/instances/" + journey.id, "track only").status == 404);
        CHECK(world.get("/v1/instances", "track only").at("/items").as_array().size() == 1);
    }

    TEST_CASE("a dry run shows the children as the event would leave them") {
        Journey journey;
        World& world = journey.world;

        const Reply tried = world.post("/v1/instances/" + journey.id + "/events?dry_run=true",
                                       R"({"event":"leave"})", "sme");

        CHECK(tried.status == 200);
        CHECK(tried.text_at("/instance/children/0/done") == "true");
        CHECK(world.get("/v1/instances/" + journey.id).text_at("/children/0/done") == "false");
    }
}
