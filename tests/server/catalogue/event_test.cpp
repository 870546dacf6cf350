#include "server/catalogue/event.hpp"

#include "engine/base/json.hpp"
#include "tests/server/catalogue/tale.hpp"

using namespace sillage;
using namespace sillage::server;
using test::Tale;

TEST_SUITE("catalogue/event") {
    TEST_CASE("an event is a CloudEvent of the place where it happened") {
        Tale tale;
        const auto event = to_json(tale.last_told("mia").at(0));

        CHECK(event.at("specversion") == "1.0");
        CHECK(event.at("id").as_string().starts_with("evt_1_1_"));
        CHECK(event.at("id").as_string().size() == std::string_view("evt_1_1_4967305d").size());
        CHECK(event.at("source") ==
              boost::json::value("/clusters/" + tale.cluster + "/cohorts/" + tale.cohort));
        CHECK(event.at("type") == "sillage.instance.started");
        CHECK(event.at("subject") == boost::json::value(tale.instance));
        CHECK(event.at("time") == "2027-01-01T00:00:00.000Z");
        CHECK(event.at("dataschema") ==
              "https://here.example/openapi.json#/components/schemas/InstanceStarted");
        CHECK(event.at("sequence") == "1");
        CHECK(event.at("datacontenttype") == "application/json");
        CHECK(event.at("data").at("instance") == boost::json::value(tale.instance));
        CHECK(event.at("data").at("actor").at("id") == boost::json::value(tale.ids["mia"]));
    }

    TEST_CASE("an event keeps its id and its bytes, whoever is told what") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        tale.step("mia", "agree");
        tale.step("mia", "agree");
        const auto company = tale.last_told("ana");
        const auto manager = tale.last_told("mia");

        REQUIRE(company.size() == 2);
        REQUIRE(manager.size() == 4);
        CHECK(company[0].id.starts_with("evt_4_3_"));
        CHECK(company[0].id == manager[2].id);
        CHECK(to_json_text(to_json(manager[3])) == to_json_text(to_json(tale.last_told("mia")[3])));
    }

    TEST_CASE(
        "an event carries the trace of the request that led to it, but not to outsiders'"
        " histories") {
        Tale tale;
        const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        const auto reply = tale.world.ask({.method = "POST",
                                           .path = "/v1/instances/" + tale.instance + "/events",
                                           .as = "ana",
                                           .body = R"({"event":"ask"})",
                                           .headers = {{"traceparent", trace}}});
        REQUIRE(reply.status == 200);
        const std::string history = "/v1/instances/" + tale.instance + "/history";

        CHECK(tale.pieces().back().entry.trace == trace);
        CHECK(to_json(tale.last_told("mia").at(0)).at("traceparent") == boost::json::value(trace));
        CHECK(tale.world.get(history, "mia").text_at("/items/1/traceparent") == trace);
        CHECK(tale.world.get(history, "ana").text.find("traceparent") == std::string::npos);
        for (const CloudEvent& event : tale.last_told("ana")) {
            CHECK_FALSE(to_json(event).contains("traceparent"));
        }
        tale.step("ana", "ask");
        CHECK_FALSE(to_json(tale.last_told("mia").at(0)).contains("traceparent"));
    }

    TEST_CASE("a workflow's own event has its own type and no schema") {
        Tale tale;
        tale.step("ana", "ask");
        const auto event = tale.last_told("mia").at(1);

        CHECK(event.type == "example.asked");
        CHECK_FALSE(to_json(event).contains("dataschema"));
    }

    TEST_CASE("the binary form says the same in header fields, with what is not ASCII encoded") {
        CloudEvent event;
        event.id = "evt_1_1";
        event.source = "/network";
        event.type = "é \"50%\"";
        event.subject = "ins_1";
        event.sequence = "7";
        std::string fields;
        for (const auto& [name, value] : binary_fields(event)) {
            fields.append(name).append("=").append(value).append(";");
        }

        CHECK(fields ==
              "ce-specversion=1.0;ce-id=evt_1_1;ce-source=/network;"
              "ce-type=%C3%A9%20%2250%25%22;ce-subject=ins_1;"
              "ce-time=1970-01-01T00:00:00.000Z;ce-sequence=7;");
    }
}
