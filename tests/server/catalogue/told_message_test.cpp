#include "engine/base/json.hpp"
#include "tests/server/catalogue/tale.hpp"

using namespace sillage;
using namespace sillage::server;
using test::data_of;
using test::Tale;
using test::types_of;

TEST_SUITE("catalogue/told_message") {
    TEST_CASE("TM2: events are told to nobody who may not read the instance") {
        Tale tale;

        CHECK(types_of(tale.last_told("ana")) == "started ");
        CHECK(tale.last_told("olga").empty());
    }

    TEST_CASE("TM37: a company is not told who evaluated it, nor where within hidden states") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        const auto told = tale.last_told("ana");

        REQUIRE(types_of(told) == "transition ");
        const auto data = told[0].data;
        CHECK(to_json_text(data.at("to")) == R"(["reading"])");
        CHECK(to_json_text(data.at("actor")) == R"({"id":null,"roles":["evaluator"]})");
        CHECK(to_json_text(told[0].data).find(tale.ids["eva"]) == std::string::npos);
        CHECK(to_json_text(tale.last_told("mia")[0].data).find(tale.ids["eva"]) !=
              std::string::npos);
    }

    TEST_CASE("TM37: a step within hidden states tells a company nothing but where it leads") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        tale.step("mia", "agree");
        CHECK(types_of(tale.last_told("ana")).empty());
        CHECK(types_of(tale.last_told("eric")) == "transition ");
        tale.step("mia", "agree");

        CHECK(types_of(tale.last_told("ana")) == "stage_changed finished ");
        CHECK(types_of(tale.last_told("mia")) ==
              "transition example.agreed stage_changed finished ");
    }

    TEST_CASE("a workflow's own event tells nothing that visible_to keeps from its reader") {
        Tale tale;
        tale.step("ana", "ask");

        const auto integration = data_of(tale.last_told("ivo"), "example.asked");
        const auto manager = data_of(tale.last_told("mia"), "example.asked");

        CHECK_FALSE(integration.at("data").as_object().contains("score"));
        CHECK(integration.at("data").at("by") == boost::json::value(tale.ids["ana"]));
        CHECK(manager.at("data").at("score") == 0);
        CHECK(types_of(tale.last_told("ana")) == "transition ");
    }

    TEST_CASE("an event made of nothing else is told without data") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        tale.step("mia", "agree");
        tale.step("mia", "agree");

        CHECK(data_of(tale.last_told("ivo"), "example.agreed").at("data").is_null());
        CHECK(data_of(tale.last_told("mia"), "example.agreed").at("data") == 71);
    }

    TEST_CASE("TM3: what an evaluator's sheet emits is not told to another evaluator") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");

        CHECK(types_of(tale.last_told("eva")) == "transition example.signed ");
        CHECK(types_of(tale.last_told("eric")) == "transition ");
        CHECK(types_of(tale.last_told("mia")) == "transition example.signed ");
    }

    TEST_CASE("a notification is told to its role and to those who read effects") {
        Tale tale;
        tale.step("ana", "ask");

        CHECK(types_of(tale.last_told("mia")).find("notification") != std::string::npos);
        CHECK(types_of(tale.last_told("ivo")).find("notification") == std::string::npos);
        CHECK(types_of(tale.last_told("ana")).find("notification") == std::string::npos);
    }

    TEST_CASE("deadlines are told with their state") {
        Tale tale;
        tale.world.now = tale.world.now + Duration{6LL * 86'400'000};
        test::ok(tale.world.runtime.fire_due(tale.world.now, 10));

        CHECK(data_of(tale.last_told("ana"), "sillage.instance.deadline_expired").at("state") ==
              "reading.sheets");
    }
}
