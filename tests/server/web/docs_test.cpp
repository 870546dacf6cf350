#include "server/web/docs.hpp"

#include <doctest/doctest.h>

#include "server/routes/openapi.hpp"
#include "server/routes/routes.hpp"

using namespace sillage::server;
namespace json = boost::json;

namespace {

const json::object& document() {
    static const json::object made = openapi_document(table_of_routes(true));
    return made;
}

}  // namespace

TEST_SUITE("web/docs") {
    TEST_CASE("every operation and every schema of the document is on the page") {
        const std::string page = docs_page(document());

        for (const auto& [path, methods] : document().at("paths").as_object()) {
            for (const auto& [method, operation] : methods.as_object()) {
                CAPTURE(path);
                const std::string id(operation.at("operationId").as_string());
                CHECK(page.find("<article id=\"" + id + "\">") != std::string::npos);
                CHECK(page.find("href=\"#" + id + "\"") != std::string::npos);
            }
        }
        for (const auto& [name, schema] : document().at("components").at("schemas").as_object()) {
            CHECK(page.find("id=\"schema-" + std::string(name) + "\"") != std::string::npos);
        }
    }

    TEST_CASE("TM16: the page has no script, no style of its own, and asks nobody else") {
        const std::string page = docs_page(document());

        for (const auto* forbidden :
             {"<script", "style=", "onclick", "src=", "url(", "href=\"http", "action="}) {
            CAPTURE(forbidden);
            CHECK(page.find(forbidden) == std::string::npos);
        }
    }

    TEST_CASE("what a description holds is text, never markup") {
        json::object hostile = document();
        hostile["info"].as_object()["description"] = "<img src=x onerror=alert(1)>";

        CHECK(docs_page(hostile).find("<img") == std::string::npos);
    }
}
