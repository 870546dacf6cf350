#include "server/web/docs_schema.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

std::string type_of(std::string_view schema) {
    Html html;
    html.open("p");
    add_type(html, test::ok(parse_json(schema)));
    const std::string text = html.finish();
    const std::size_t begin = text.find("<p>") + 3;
    return text.substr(begin, text.rfind("</p>") - begin);
}

}  // namespace

TEST_SUITE("web/docs_schema") {
    TEST_CASE("a type is told in words, with links to other schemas") {
        CHECK(type_of(R"({"type": "string"})") == "string");
        CHECK(type_of(R"({"type": ["string", "null"]})") == "string or null");
        CHECK(type_of(R"({"type": "array", "items": {"$ref": "#/components/schemas/Token"}})") ==
              "list of <a href=\"#schema-Token\">Token</a>");
        CHECK(type_of(R"({"enum": ["a", "b"]})") == "<code>a</code>, <code>b</code>");
        CHECK(type_of(R"({"anyOf": [{"type": "integer"}, {"type": "null"}]})") ==
              "integer or null");
        CHECK(type_of("{}") == "any");
    }

    TEST_CASE("bounds stand beside the type") {
        const std::string text = type_of(R"({"type": "integer", "minimum": 1, "maximum": 9})");

        CHECK(text.find("from 1, to 9") != std::string::npos);
    }

    TEST_CASE("members of objects within objects have rows of their own") {
        Html html;
        add_members(html, test::ok(parse_json(R"({"type": "object", "required": ["list"],
            "properties": {"list": {"type": "array", "items": {"type": "object",
                "properties": {"name": {"type": "string"}}}}}})")));
        const std::string text = html.finish();

        CHECK(text.find("<code>list</code><span class=\"mark\">always</span>") !=
              std::string::npos);
        CHECK(text.find("<code>list[].name</code>") != std::string::npos);
    }

    TEST_CASE("an example is indented where it is long") {
        const std::string text(70, 'x');
        const auto shown = indented(
            test::ok(parse_json(R"({"short": [1, 2], "long": {"text": ")" + text + R"("}})")));

        CHECK(shown ==
              "{\n  \"short\": [1,2],\n  \"long\": {\n    \"text\": \"" + text + "\"\n  }\n}");
    }
}
