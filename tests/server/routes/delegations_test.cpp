#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Ask;
using test::ok;
using test::Reply;
using test::World;

namespace {

constexpr auto payment = R"(
workflow: payment
version: 1
roles: { sme: {}, manager: {}, finance: { rights: manager } }
initial: requested
states:
  requested:
    on:
      approve: { by: manager, target: approved }
  approved:
    on:
      pay:
        by: [manager, finance]
        guard: last('approve').by != actor.id
        otherwise: Whoever approved does not pay.
        target: paid
      audit: { by: [manager, finance], target: audited }
  audited:
    on:
      close:
        by: finance
        guard: last('approve').by != last('audit').by
        otherwise: Whoever approved does not audit.
        target: paid
  paid: { type: final }
)";

/// A payment, two managers, a finance officer and somebody who helps out.
struct Payment {
    World world;
    std::string instance;
    std::string cluster;
    std::map<std::string, std::string> ids;

    Payment() {
        const Reply published = world.ask({.method = "POST",
                                           .path = "/v1/workflows",
                                           .body = payment,
                                           .content_type = "application/yaml"});
        REQUIRE_MESSAGE(published.status == 201, published.text);
        cluster = world.cluster("A");
        for (const auto& [name, role] :
             {std::pair("mia", "manager"), std::pair("max", "manager"), std::pair("fin", "finance"),
              std::pair("help", "mentor")}) {
            ids[name] = world.account(name, std::string(R"([{"role":")") + role +
                                                R"(","cluster":")" + cluster + R"("}])");
        }
        const std::string company = world.company(cluster, "Maison");
        instance = world
                       .post("/v1/instances",
                             R"({"workflow":"payment","company":")" + company + R"("})", "mia")
                       .text_at("/id");
    }
    Reply send(const std::string& event, const std::string& as, const std::string& behalf = "") {
        Ask ask{.method = "POST",
                .path = "/v1/instances/" + instance + "/events",
                .as = as,
                .body = R"({"event":")" + event + R"("})"};
        if (!behalf.empty()) {
            ask.headers = {{"Sillage-On-Behalf-Of", ids.at(behalf)}};
        }
        return world.ask(ask);
    }
    Reply lend(const std::string& from, const std::string& to, const std::string& more = "",
               const std::string& as = "") {
        return world.post("/v1/delegations",
                          R"({"from":")" + ids.at(from) + R"(","to":")" + ids.at(to) +
                              R"(","ends_at":"2027-01-08T00:00:00Z","reason":"on leave")" + more +
                              "}",
                          as.empty() ? from : as);
    }
};

}  // namespace

TEST_SUITE("routes/delegations") {
    TEST_CASE("four eyes: whoever approved does not pay, a second person does") {
        Payment run;

        CHECK(run.send("approve", "mia").status == 200);
        CHECK(run.send("pay", "mia").text_at("/type") == "/problems/guard");
        CHECK(run.send("pay", "max").status == 200);
    }

    TEST_CASE("acting in another's place is recorded as both") {
        Payment run;
        const Reply lent = run.lend("mia", "help");
        REQUIRE(lent.status == 201);
        CHECK(lent.header("Location") == "/v1/delegations/" + lent.text_at("/id"));
        CHECK(lent.at("/in_force") == true);

        CHECK(run.send("approve", "help").status == 403);
        CHECK(run.send("approve", "help", "mia").status == 200);
        const auto actor =
            run.world.get("/v1/instances/" + run.instance + "/history", "max").at("/items/1/actor");

        CHECK(actor.at("id") == boost::json::value(run.ids["help"]));
        CHECK(actor.at("roles").as_array().front() == "manager");
        CHECK(actor.at("on_behalf_of").at("id") == boost::json::value(run.ids["mia"]));
        CHECK(actor.at("on_behalf_of").at("reason") == "on leave");
        CHECK(actor.at("on_behalf_of").at("delegation") == lent.at("/id"));
        CHECK(
            ok(run.world.runtime.replay(run.instance)).last.find("approve")->second.on_behalf_of ==
            run.ids["mia"]);
    }

    TEST_CASE("two persons are never one in two places") {
        struct Row {
            std::string name, approves, approves_for, pays, pays_for;
            int status;
        };
        const std::vector<Row> rows{
            {"the delegate of the one who approved", "mia", "", "help", "mia", 422},
            {"the one whose delegate approved", "help", "mia", "mia", "", 422},
            {"the delegate, for another, of what it did itself", "max", "", "max", "fin", 422},
            {"the delegate, in its own name, after acting for another", "max", "mia", "max", "",
             422},
            {"the delegate of two", "help", "mia", "help", "fin", 422},
            {"two delegates of one", "help", "mia", "max", "mia", 422},
            {"somebody else", "help", "mia", "fin", "", 200},
            {"somebody else's delegate", "mia", "", "help", "fin", 200}};
        for (const Row& row : rows) {
            CAPTURE(row.name);
            Payment run;
            run.lend("mia", "help");
            run.lend("mia", "max");
            run.lend("fin", "help");
            run.lend("fin", "max");
            CHECK(run.send("approve", row.approves, row.approves_for).status == 200);
            CHECK(run.send("pay", row.pays, row.pays_for).status == row.status);
        }
    }

    TEST_CASE("two who acted before are not one either, each in another's place") {
        struct Row {
            std::string name, audits, audits_for;
            int status;
        };
        const std::vector<Row> rows{
            {"the one who approved for another, in whose place a third audits", "help", "max", 422},
            {"the one in whose place it was approved", "help", "mia", 422},
            {"the one who approved, for a third", "max", "fin", 422},
            {"somebody else, for somebody else", "help", "fin", 200}};
        for (const Row& row : rows) {
            CAPTURE(row.name);
            Payment run;
            run.lend("mia", "max");
            run.lend("mia", "help");
            run.lend("max", "help");
            run.lend("fin", "max");
            run.lend("fin", "help");
            CHECK(run.send("approve", "max", "mia").status == 200);
            CHECK(run.send("audit", row.audits, row.audits_for).status == 200);
            CHECK(run.send("close", "fin").status == row.status);
        }
    }

    TEST_CASE("a delegation ends with its period, and when it is revoked, at once") {
        Payment run;
        const std::string id =
            run.lend("mia", "help", R"(,"starts_at":"2027-01-02T00:00:00Z")").text_at("/id");
        const auto me = [&] {
            return run.world
                .ask({.path = "/v1/me",
                      .as = "help",
                      .headers = {{"Sillage-On-Behalf-Of", run.ids["mia"]}}})
                .status;
        };

        CHECK(me() == 403);
        run.world.now = ok(parse_instant("2027-01-02T00:00:00Z"));
        CHECK(me() == 200);
        CHECK(run.lend("mia", "help").status == 409);
        CHECK(run.world.ask({.method = "DELETE", .path = "/v1/delegations/" + id, .as = "max"})
                  .status == 204);
        CHECK(me() == 403);
        CHECK(run.lend("mia", "help").status == 201);
        run.world.now = ok(parse_instant("2027-01-08T00:00:00Z"));
        CHECK(me() == 403);
    }

    TEST_CASE("what is lent is what the lender has, where it says, and never an administrator's") {
        Payment run;
        run.ids["root"] = run.world.account("root", R"([{"role":"admin"},{"role":"manager"}])");
        const std::string other = run.world.cluster("B");

        CHECK(run.lend("mia", "help", R"(,"roles":["finance"])").status == 400);
        CHECK(run.lend("mia", "mia").status == 400);
        CHECK(run.lend("root", "help", R"(,"roles":["admin"])").status == 403);
        CHECK(run.lend("root", "help", R"(,"cluster":")" + other + "\"").status == 201);
        CHECK(run.send("approve", "help", "root").status == 404);
        CHECK(run.world
                  .ask({.method = "POST",
                        .path = "/v1/clusters",
                        .as = "help",
                        .body = R"({"name":"C"})",
                        .headers = {{"Sillage-On-Behalf-Of", run.ids["root"]}}})
                  .status == 403);
    }

    TEST_CASE("who makes and sees a delegation") {
        Payment run;
        run.world.account("ana", R"([{"role":"mentor"}])");
        const std::string id = run.lend("mia", "help").text_at("/id");
        const auto seen = [&](const std::string& as) {
            return run.world.get("/v1/delegations", as).at("/items").as_array().size();
        };

        CHECK(run.lend("fin", "max", "", "help").status == 404);
        CHECK(run.lend("fin", "max", "", "mia").status == 201);
        CHECK(seen("help") == 1);
        CHECK(seen("mia") == 2);
        CHECK(seen("ana") == 0);
        CHECK(run.world.get("/v1/delegations/" + id, "ana").status == 404);
        CHECK(run.world.ask({.method = "DELETE", .path = "/v1/delegations/" + id, .as = "ana"})
                  .status == 404);
        CHECK(run.world.get("/v1/delegations?to=" + run.ids["max"], "mia")
                  .at("/items")
                  .as_array()
                  .size() == 1);
    }

    TEST_CASE("an answer kept for repeats is of the place it was made in") {
        Payment run;
        run.lend("mia", "max");
        Ask ask{.method = "POST",
                .path = "/v1/instances/" + run.instance + "/events",
                .as = "max",
                .body = R"({"event":"pay"})",
                .headers = {{"Idempotency-Key", "k"}}};
        CHECK(run.world.ask(ask).status == 409);
        ask.headers.push_back({"Sillage-On-Behalf-Of", run.ids["mia"]});

        CHECK(run.world.ask(ask).header("Idempotency-Replayed").empty());
        CHECK(run.world.ask(ask).header("Idempotency-Replayed") == "true");
    }
}
