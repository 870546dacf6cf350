#include "server/catalogue/told.hpp"

#include "engine/base/json.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;
using test::Reply;
using test::World;

namespace {

/// A workflow whose form and context keep something from companies.
Definition blind_scores() {
    const Schema secret{.type = SchemaType::integer, .visible_to = {"evaluator"}};
    return Definition{
        .context = {{.name = "total", .schema = secret}},
        .states = {State{}},
        .transitions = {{.events = {"score"},
                         .form = std::vector<sillage::Field>{{.name = "points", .schema = secret},
                                                             {.name = "note"}}}}};
}

Call as(std::string role) { return Call{.actor = {.id = "acc_x", .roles = {std::move(role)}}}; }

constexpr auto selection = R"(
workflow: selection
version: 1
title: Selection
roles:
  sme: { rights: company }
  manager: {}
  evaluator: {}
  helper: {}
context:
  score: { type: integer, default: 0, visible_to: [evaluator, manager] }
  proposal: { type: string, default: "", visible_to: [manager] }
initial: reading
states:
  reading:
    title: Under evaluation
    initial: sheets
    on:
      ask: { by: [sme, helper], target: .asked }
    states:
      sheets:
        title: "Score so far {score}"
        waiting_for: evaluator
        on:
          sign:
            by: evaluator
            form: { points: { type: integer, required: true }, note: { type: string } }
            actions: [{ assign: { score: "${event.data.points}" } }]
            target: consensus
      consensus:
        title: "Consensus on {score}"
        tags: [hidden]
        waiting_for: evaluator
        deadline: { within: 5 days }
        on:
          agree:
            by: evaluator
            guard:
              - check: score >= 60 && last('sign').by != actor.id
                otherwise: "{score} is too little, or {last('sign').by} signed."
            target: decided
          peek:
            by: [sme, evaluator]
            guard: score >= 60
            otherwise: "Only {score}."
            target: decided
      decided:
        title: "Proposed: {proposal}"
        tags: [hidden]
        waiting_for: manager
        always_true: ["score < 90"]
        on:
          propose:
            by: manager
            form: { outcome: { type: string, required: true, visible_to: [manager] } }
            actions: [{ assign: { proposal: "${event.data.outcome}" } }]
          spoil: { by: manager, actions: [{ assign: { score: 99 } }] }
          release: { by: manager, target: end }
      asked: { waiting_for: manager, on: { go_on: { by: manager, target: sheets } } }
  end: { type: final, title: "Released: {proposal}" }
)";

/// One company's file, an evaluator who signs it and one who does not.
struct Files {
    World world;
    std::string instance;
    std::string eva;
    std::string mia;

    Files() {
        const Reply published = world.ask({.method = "POST",
                                           .path = "/v1/workflows",
                                           .body = selection,
                                           .content_type = "application/yaml"});
        REQUIRE_MESSAGE(published.status == 201, published.text);
        const std::string cluster = world.cluster("A");
        const std::string company = world.company(cluster, "Maison");
        const std::string within = R"(","cluster":")" + cluster + R"("}])";
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        eva = world.account("eva", R"([{"role":"evaluator)" + within);
        world.account("eric", R"([{"role":"evaluator)" + within);
        mia = world.account("mia", R"([{"role":"manager)" + within);
        world.account("both", R"([{"role":"sme","company":")" + company +
                                  R"("},{"role":"evaluator)" + within);
        instance = world
                       .post("/v1/instances",
                             R"({"workflow":"selection","company":")" + company + R"("})", "mia")
                       .text_at("/id");
    }
    std::string path(const std::string& rest = "") { return "/v1/instances/" + instance + rest; }
    void sign() { world.step(instance, "eva", "sign", R"({"points":71,"note":"secretnote"})"); }
    Reply event(const std::string& name, const std::string& as, const char* rest = "/events") {
        return world.post(path(rest), R"({"event":")" + name + R"("})", as);
    }
};

}  // namespace

TEST_SUITE("catalogue/told") {
    TEST_CASE("an entry's data is shown to the roles that may see each field") {
        const Definition definition = blind_scores();
        const Entry scored{.event = "score", .data = {{"points", 7}, {"note", "fine"}}};
        const Entry started{.event = "$start", .data = {{"total", 0}}};

        const auto data = [&](const Entry& entry, const std::string& role) {
            const Call call = as(role);
            return to_json_text(entry_json(definition, entry, {.call = call}).at("data"));
        };

        CHECK(data(scored, "evaluator") == R"({"points":7,"note":"fine"})");
        CHECK(data(scored, "sme") == R"({"note":"fine"})");
        CHECK(data(started, "sme") == "{}");
        CHECK(data(started, "evaluator") == R"({"total":0})");
        CHECK(data(Entry{.event = "go"}, "sme") == "{}");
    }

    TEST_CASE("effects are left out unless they are asked for") {
        const Definition definition{.states = {State{}}};
        Entry entry{.event = "go"};
        entry.effects.emplace_back("an effect");
        const Call call;

        CHECK_FALSE(entry_json(definition, entry, {.call = call}).contains("effects"));
        CHECK(entry_json(definition, entry, {.call = call, .with_effects = true})
                  .at("effects")
                  .as_array()
                  .size() == 1);
    }

    TEST_CASE("TM37: a company reads neither who evaluates it nor what was written") {
        Files run;
        run.sign();

        const Reply seen = run.world.get(run.path("/history"), "ana");
        const Reply again = run.world.get(
            run.path("/history?limit=1&cursor=") +
                run.world.get(run.path("/history?limit=1"), "ana").text_at("/next_cursor"),
            "ana");

        CHECK(seen.text_at("/items/0/actor/id") == run.mia);
        CHECK(seen.text_at("/items/1/event") == "sign");
        CHECK(seen.text_at("/items/1/actor/id").starts_with("evaluator-"));
        CHECK(seen.text_at("/items/1/actor/roles") == R"(["evaluator"])");
        CHECK(seen.text_at("/items/1/data") == "{}");
        CHECK(seen.text_at("/items/1/to") == R"(["reading"])");
        CHECK(again.at("/items/0/actor") == seen.at("/items/1/actor"));
        CHECK(seen.text.find(run.eva) == std::string::npos);
        CHECK(run.world.get(run.path("/history"), "mia").text.find("secretnote") !=
              std::string::npos);
    }

    TEST_CASE("TM3: an evaluator reads its own sheet and not another's") {
        Files run;
        run.sign();

        CHECK(run.world.get(run.path("/history"), "eva").text.find("secretnote") !=
              std::string::npos);
        CHECK(run.world.get(run.path("/history"), "eric").text.find("secretnote") ==
              std::string::npos);
    }

    TEST_CASE("TM3: who belongs to a company does not evaluate it") {
        Files run;
        const Reply sheet = run.world.post(run.path("/events"),
                                           R"({"event":"sign","data":{"points":100}})", "both");

        CHECK(sheet.status == 403);
        CHECK(run.world.get(run.path(), "both").text.find("\"score\"") == std::string::npos);
    }

    TEST_CASE("a hidden state is to a company the state around it") {
        Files run;
        run.sign();
        const Reply company = run.world.get(run.path(), "ana");
        const Reply evaluator = run.world.get(run.path(), "eric");

        CHECK(evaluator.text_at("/states") == R"(["reading.consensus"])");
        CHECK(evaluator.text_at("/title") == "Consensus on 71");
        CHECK(evaluator.text_at("/waiting_for") == "evaluator");
        CHECK(company.text_at("/states") == R"(["reading"])");
        CHECK(company.text_at("/title") == "Under evaluation");
        CHECK(company.at("/waiting_for").is_null());
        CHECK(company.at("/deadline").is_null());
        CHECK(company.text.find("Consensus") == std::string::npos);
    }

    TEST_CASE("a title shows no value that is not for its reader") {
        Files run;

        CHECK(run.world.get(run.path(), "eva").text_at("/title") == "Score so far 0");
        CHECK(run.world.get(run.path(), "ana").text_at("/title") == "Score so far …");
    }

    TEST_CASE("a list's filters tell no more than its rows") {
        Files run;
        run.sign();
        const auto found = [&](const std::string& query, const std::string& as) {
            return run.world.get("/v1/instances?" + query, as).at("/items").as_array().size();
        };

        for (const auto* query : {"state=reading.consensus", "waiting_for=evaluator",
                                  "due_before=2030-01-01T00:00:00Z"}) {
            CAPTURE(query);
            CHECK(found(query, "eric") == 1);
            CHECK(found(query, "ana") == 0);
        }
        CHECK(found("state=reading", "ana") == 1);
        CHECK(found("overdue=false", "ana") == 1);
        run.world.now = run.world.now + Duration{6LL * 86'400'000};
        CHECK(ok(run.world.runtime.fire_due(run.world.now, 100)).fired == 1);
        CHECK(found("overdue=true", "eric") == 1);
        CHECK(found("overdue=false", "ana") == 1);
        CHECK(run.world.get(run.path(), "ana").at("/overdue") == false);
        CHECK(run.world.get(run.path("/history"), "ana").text_at("/items/2/event") == "$internal");
    }

    TEST_CASE("events of hidden states are unknown to whom they are not for") {
        Files run;
        run.sign();
        const std::string actions = run.world.get(run.path("/actions"), "ana").text;

        CHECK(actions.find("agree") == std::string::npos);
        CHECK(actions.find("peek") != std::string::npos);
        CHECK(run.event("agree", "ana").text_at("/type") == "/problems/state");
        CHECK(run.event("agree", "ana").text.find("did you mean") == std::string::npos);
        CHECK(run.event("agree", "ana", "/explain").at("/candidates").as_array().empty());
        CHECK(run.event("agree", "mia").text_at("/type") == "/problems/role");
    }

    TEST_CASE("a rule over hidden values tells an outsider nothing but its answer") {
        Files run;
        run.world.step(run.instance, "eva", "sign", R"({"points":41})");
        const Reply refused = run.event("peek", "ana");
        const Reply explained = run.event("peek", "ana", "/explain");

        CHECK(refused.text_at("/detail") == "Only ….");
        CHECK(refused.text.find("41") == std::string::npos);
        CHECK(refused.text_at("/blockers/0/state") == "reading");
        CHECK(explained.text.find("41") == std::string::npos);
        CHECK(explained.text.find("consensus") == std::string::npos);
        CHECK(run.event("peek", "eva").text_at("/detail") == "Only 41.");
    }

    TEST_CASE("a rule over hidden values is not judged for those who may not take the event") {
        Files run;
        run.sign();
        const Reply explained = run.event("peek", "mia", "/explain");
        const Reply hidden = run.event("peek", "ana", "/explain");

        CHECK(explained.at("/candidates/0/guard/0/ok") == true);
        CHECK(hidden.at("/candidates/0/guard/0/ok") == true);  // it may take it
        CHECK(run.event("agree", "mia", "/explain").at("/candidates/0/guard/0/ok") == true);
    }

    TEST_CASE("an outsider learns of an incident no more than that there is one") {
        Files run;
        run.sign();
        run.world.step(run.instance, "eric", "agree");
        CHECK(run.event("spoil", "mia").text_at("/type") == "/problems/incident");
        const Reply told = run.world.get(run.path(), "ana");

        CHECK(told.text_at("/incident/code") != "null");
        CHECK(told.text.find("score") == std::string::npos);
        CHECK(run.world.get(run.path("/history"), "ana").text.find("spoil") == std::string::npos);
        CHECK(run.world.get(run.path(), "mia").text.find("spoil") != std::string::npos);
    }
}
