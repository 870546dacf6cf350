#include "server/routes/openapi.hpp"

#include <boost/json.hpp>
#include <set>

#include "engine/base/json.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/http/problem.hpp"
#include "server/http/text.hpp"
#include "server/routes/routes.hpp"
#include "server/routes/shapes.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
namespace json = boost::json;

namespace {

const json::object& document() {
    static const json::object made = openapi_document(table_of_routes(true));
    return made;
}

const json::object& shapes() {
    static const json::value read = test::ok(parse_json(shapes_text));
    return read.as_object();
}

json::value at(const std::string& pointer) {
    const json::value whole = document();
    json::error_code error;
    const json::value* found = whole.find_pointer(pointer, error);
    REQUIRE_MESSAGE(found != nullptr, pointer);
    return *found;
}

/// Every `$ref` of the value leads somewhere in the document.
void check_references(const json::value& value) {
    if (value.is_array()) {
        for (const json::value& item : value.get_array()) {
            check_references(item);
        }
    } else if (value.is_object()) {
        for (const json::key_value_pair& member : value.get_object()) {
            if (member.key() == "$ref") {
                CHECK(at(std::string(member.value().as_string()).substr(1)).is_object());
            }
            check_references(member.value());
        }
    }
}

}  // namespace

TEST_SUITE("routes/openapi") {
    TEST_CASE("the document has exactly the routes of the table") {
        std::set<std::string> expected;
        for (const Route& route : table_of_routes(true)) {
            expected.insert(to_lower(name_of(route.method)) + " " + std::string(route.pattern));
        }

        std::set<std::string> found;
        for (const auto& [path, operations] : document().at("paths").as_object()) {
            for (const auto& operation : operations.as_object()) {
                found.insert(std::string(operation.key()) + " " + std::string(path));
            }
        }

        CHECK(found == expected);
    }

    TEST_CASE("every route says its id, what it does, where it belongs and what it gives") {
        std::set<std::string_view> ids;
        std::set<std::string_view> summaries;
        std::set<std::string_view> tags;
        for (const json::value& tag : shapes().at("tags").as_array()) {
            tags.insert(tag.at("name").as_string());
        }
        for (const Route& route : table_of_routes(true)) {
            CAPTURE(name_of(route.method));
            CAPTURE(route.pattern);
            CHECK(ids.insert(route.about.id).second);
            CHECK(!route.about.summary.empty());
            CHECK(summaries.insert(route.about.summary).second);
            CHECK(tags.contains(route.about.tag));
            CHECK(!route.about.gives.empty());
            const bool takes_body = route.method == Method::post || route.method == Method::patch;
            CHECK((takes_body || route.about.body.name.empty()));
        }
    }

    TEST_CASE("whatever a route names stands in shapes.json") {
        for (const Route& route : table_of_routes(true)) {
            CAPTURE(route.pattern);
            for (const std::string_view name : route.parameters) {
                CHECK(shapes().at("parameters").as_object().contains(name));
            }
            for (const std::string_view name : route.about.headers) {
                CHECK(shapes().at("parameters").as_object().contains(name));
            }
            for (const GivenAnswer& given : route.about.gives) {
                const bool has_schema = given.schema.empty() ||
                                        shapes().at("schemas").as_object().contains(given.schema);
                CHECK(has_schema);
                for (const std::string_view name : given.headers) {
                    CHECK(shapes().at("headers").as_object().contains(name));
                }
            }
        }
    }

    TEST_CASE("every type of events is a webhook with a schema of its data") {
        for (const EventType& type : event_types()) {
            const auto post = "/webhooks/" + std::string(type.type) + "/post/requestBody/content/" +
                              "application~1cloudevents+json/schema/properties/data/$ref";
            CHECK(at(post) == json::value("#/components/schemas/" + std::string(type.schema)));
            CHECK(at("/components/schemas/" + std::string(type.schema) + "/required").is_array());
        }
    }

    TEST_CASE("every reference leads somewhere") { check_references(document()); }

    TEST_CASE("what a body may hold follows from the members that check it") {
        const json::value company = at("/components/schemas/CompanyInput");

        CHECK(company.at("required") == json::array{"cluster", "name"});
        CHECK(company.at("additionalProperties") == false);
        CHECK(company.at("properties").at("name").at("maxLength") == 200);
        CHECK(company.at("properties").at("headcount").at("type") ==
              json::array{"integer", "null"});
        CHECK(at("/components/schemas/CompanyPatch").as_object().if_contains("required") ==
              nullptr);
    }

    TEST_CASE("a route lists the refusals that follow from what it is") {
        const auto statuses = [](const std::string& path, std::string_view method) {
            std::set<std::string> found;
            for (const auto& answer :
                 document().at("paths").at(path).at(method).at("responses").as_object()) {
                found.insert(answer.key());
            }
            return found;
        };

        const auto event = statuses("/v1/instances/{id}/events", "post");
        for (const auto* status : {"200", "400", "401", "403", "404", "409", "412", "413", "415",
                                   "422", "429", "500", "503"}) {
            CAPTURE(status);
            CHECK(event.contains(status));
        }
        const auto health = statuses("/healthz", "get");
        for (const auto* status : {"401", "403", "404", "409", "429"}) {
            CAPTURE(status);
            CHECK(!health.contains(status));
        }
    }

    TEST_CASE("an open route asks for no token, every other one does") {
        CHECK(at("/security/0/bearer").is_array());
        CHECK(at("/paths/~1healthz/get/security") == json::array());
        CHECK(at("/paths/~1v1~1me/get").as_object().if_contains("security") == nullptr);
    }
}
