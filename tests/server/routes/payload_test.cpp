#include <array>
#include <random>

#include "engine/base/json.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Ask;
using test::Reply;
using test::World;

namespace {

/// Every rule asks who, as what and when.
constexpr auto payment = R"(
workflow: payment
version: 1
roles: { sme: {}, manager: {} }
initial: open
states:
  open:
    on:
      pay:
        by: manager
        form: { extra: { type: object }, user: { type: string }, role: { type: string } }
        guard: actor.id != ''
        target: paid
      late:
        form: { extra: { type: object }, user: { type: string }, role: { type: string } }
        guard: now > timestamp('2030-01-01T00:00:00Z') || 'finance' in actor.roles
        target: paid
      again:
        by: [sme, manager]
        form: { extra: { type: object }, user: { type: string }, role: { type: string } }
        guard: last('again') != null && last('again').by != actor.id
        target: paid
  paid: { type: final }
)";

constexpr std::array<std::string_view, 9> claims{"user", "now",  "role",  "roles",  "actor",
                                                 "by",   "last", "event", "company"};

/// Those that are no members of the body of an event.
constexpr std::size_t beside_count = 7;

/// Of the generator, so that a failing case can be repeated.
constexpr std::uint32_t seed = 20'261'123;

boost::json::value random_claim(std::mt19937& chance, const std::string& manager, int depth = 0) {
    switch (chance() % (depth < 2 ? 6 : 4)) {
        case 0:
            return boost::json::value(manager);
        case 1:
            return "manager";
        case 2:
            return "2031-01-01T00:00:00Z";
        case 3:
            return boost::json::array{"manager", "finance", "system", "admin"};
        default: {
            boost::json::object object{{"id", manager}, {"roles", {"manager", "finance"}}};
            object[claims[chance() % claims.size()]] = random_claim(chance, manager, depth + 1);
            return object;
        }
    }
}

std::string decision_of(const Reply& reply) {
    const boost::json::object body = reply.json();
    const auto* taken = body.if_contains("taken");
    const auto* type = body.if_contains("type");
    return std::to_string(reply.status) + (taken == nullptr ? "" : to_json_text(*taken)) +
           (type == nullptr ? "" : to_json_text(*type));
}

/// Members that claim to be who, as what and when.
boost::json::object random_claims(std::mt19937& chance, const std::string& manager) {
    boost::json::object extra;
    for (std::size_t count = chance() % 4; count > 0; --count) {
        extra[claims[chance() % claims.size()]] = random_claim(chance, manager);
    }
    return extra;
}

/// A payment that waits, a company and a manager.
struct Payment {
    World world;
    std::string manager;
    std::string path;

    Payment() {
        const Reply published = world.ask({.method = "POST",
                                           .path = "/v1/workflows",
                                           .body = payment,
                                           .content_type = "application/yaml"});
        REQUIRE_MESSAGE(published.status == 201, published.text);
        const std::string company = world.company(world.cluster("A"), "Maison");
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        manager = world.account("mia", R"([{"role":"manager"}])");
        const Reply instance = world.post(
            "/v1/instances", R"({"workflow":"payment","company":")" + company + R"("})", "mia");
        path = "/v1/instances/" + instance.text_at("/id") + "/events?dry_run=true";
    }
    Reply send(const boost::json::object& body, const std::string& as) {
        return world.ask({.method = "POST",
                          .path = path,
                          .as = as,
                          .body = to_json_text(body),
                          .headers = {{"X-User", manager}, {"X-Role", "manager"}}});
    }
};

}  // namespace

TEST_SUITE("routes/payload") {
    TEST_CASE("TM4: what a payload says of user, role and time never alters the decision") {
        Payment run;
        std::mt19937 chance(seed);
        std::map<std::string, std::string> plain;

        for (int number = 0; number < 10'000; ++number) {
            const std::string as = chance() % 2 == 0 ? "ana" : "mia";
            const std::string event = std::array{"pay", "late", "again"}[chance() % 3];
            std::string& expected = plain[as + event];
            boost::json::object body{{"event", event}, {"data", boost::json::object{}}};
            if (expected.empty()) {
                expected = decision_of(run.send(body, as));
            }
            body["data"] = {{"extra", random_claims(chance, run.manager)},
                            {"user", run.manager},
                            {"role", "manager"}};
            const bool is_beside = chance() % 4 == 0;
            if (is_beside) {
                body[claims[chance() % beside_count]] = random_claim(chance, run.manager);
            }
            const Reply reply = run.send(body, as);
            CAPTURE(to_json_text(body));
            CHECK((is_beside ? reply.status == 400 : decision_of(reply) == expected));
        }

        CHECK(plain.at("miapay").starts_with("200"));
        CHECK(plain.at("anapay").starts_with("403"));
        CHECK(plain.at("mialate").starts_with("422"));
        CHECK(run.world.post(run.path + "&role=manager", R"({"event":"pay"})", "ana").status ==
              400);
    }
}
