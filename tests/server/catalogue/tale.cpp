#include "tests/server/catalogue/tale.hpp"

namespace sillage::test {
namespace {

constexpr auto selection = R"(
workflow: selection
version: 1
title: Selection
roles:
  sme: { rights: company }
  manager: {}
  evaluator: {}
  integration: {}
context:
  score: { type: integer, default: 0, visible_to: [evaluator, manager] }
initial: reading
states:
  reading:
    initial: sheets
    states:
      sheets:
        waiting_for: evaluator
        deadline: { within: 5 days, remind: [2 days] }
        on:
          sign:
            by: evaluator
            form: { points: { type: integer, required: true } }
            actions:
              - assign: { score: "${event.data.points}" }
              - emit: { type: example.signed, data: { points: "${event.data.points}" } }
            target: consensus
          ask:
            by: sme
            actions:
              - emit: { type: example.asked, data: { score: "${score}", by: "${actor.id}" } }
              - notify: { role: manager, text: "Score {score}" }
      consensus:
        tags: [hidden]
        waiting_for: manager
        on:
          agree: { by: manager, target: secret }
      secret:
        tags: [hidden]
        on:
          agree:
            by: manager
            actions: [{ emit: { type: example.agreed, data: "${score}" } }]
            target: end
          spoil: { by: manager, actions: [{ assign: { score: not_a_number } }] }
  end: { type: final }
)";

}  // namespace

Tale::Tale(const std::function<void(Store&)>& before) {
    before(world.store);
    const Reply published = world.ask({.method = "POST",
                                       .path = "/v1/workflows",
                                       .body = selection,
                                       .content_type = "application/yaml"});
    REQUIRE_MESSAGE(published.status == 201, published.text);
    cluster = world.cluster("A");
    company = world.company(cluster, "Maison");
    const std::string other = world.company(cluster, "Other");
    const std::string within = R"(","cluster":")" + cluster + R"("}])";
    const auto add = [&](const std::string& name, const std::string& roles) {
        ids[name] = world.account(name, roles);
    };
    add("ana", R"([{"role":"sme","company":")" + company + R"("}])");
    add("olga", R"([{"role":"sme","company":")" + other + R"("}])");
    for (const auto& [name, role] :
         {std::pair("eva", "evaluator"), std::pair("eric", "evaluator"),
          std::pair("mia", "manager"), std::pair("ivo", "integration")}) {
        add(name, R"([{"role":")" + std::string(role) + within);
    }
    const std::string body =
        R"({"cluster":")" + cluster +
        R"(","workflow":"selection","name":"Spring","dates":{},"settings":{}})";
    cohort = world.post("/v1/cohorts", body).text_at("/id");
    instance = world
                   .post("/v1/instances",
                         R"({"workflow":"selection","company":")" + company + R"(","cohort":")" +
                             cohort + R"("})",
                         "mia")
                   .text_at("/id");
}

std::vector<server::LogPiece> Tale::pieces() {
    return ok(
        world.runtime.read([](Reader& reader) { return server::log_after(reader, 0, 1000); }));
}

server::Account Tale::account(const std::string& name) {
    return ok(world.runtime.read([&](Reader& reader) -> Result<server::Account> {
        SILLAGE_TRY(const auto record, reader.record(RecordKind::account, ids.at(name)));
        return server::account_of(record);
    }));
}

std::vector<server::CloudEvent> Tale::last_told(const std::string& name) {
    const server::LogPiece piece = pieces().back();
    const auto addressee = server::addressee_of(piece, account(name));
    return addressee ? server::events_for(piece, *addressee, "https://here.example")
                     : std::vector<server::CloudEvent>{};
}

std::string types_of(const std::vector<server::CloudEvent>& events) {
    constexpr std::string_view common = "sillage.instance.";
    std::string types;
    for (const auto& event : events) {
        types += event.type.substr(event.type.starts_with(common) ? common.size() : 0) + " ";
    }
    return types;
}

boost::json::object data_of(const std::vector<server::CloudEvent>& events, std::string_view type) {
    for (const auto& event : events) {
        if (event.type == type) {
            return event.data;
        }
    }
    FAIL("no event of type " << std::string(type));
    return {};
}

}  // namespace sillage::test
