#include "engine/base/json.hpp"
#include "engine/schema/check.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("schema/json_schema") {
    TEST_CASE("a form is rendered as JSON Schema in the reader's language") {
        const Text title{
            .variants = {{.language = "en", .pieces = {"Score"}},
                         {.language = "fr", .pieces = {"Note sur ", Expression{.text = "most"}}}}};
        const std::vector<Field> form = {
            {.name = "score",
             .schema = {.type = SchemaType::integer,
                        .minimum = 0.0,
                        .maximum = 99.5,
                        .default_value = boost::json::value(5),
                        .title = title},
             .required = true},
            {.name = "tags",
             .schema = {.type = SchemaType::array,
                        .items = std::make_shared<Schema>(Schema{.type = SchemaType::string,
                                                                 .format = SchemaFormat::date_time,
                                                                 .min_length = 1,
                                                                 .pattern = "a"})}}};

        CHECK(to_json_text(to_json_schema(form, {"fr-CH"})) ==
              R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
              R"("properties":{"score":{"type":"integer","title":"Note sur {most}","minimum":0,)"
              R"("maximum":99.5,"default":5},"tags":{"type":"array","items":{"type":"string",)"
              R"("minLength":1,"pattern":"a","format":"date-time"}}},"required":["score"],)"
              R"("additionalProperties":false})");
    }

    TEST_CASE("nested objects refuse unknown members too") {
        const std::vector<Field> form = {
            {.name = "site",
             .schema = {.type = SchemaType::object,
                        .properties = {{.name = "city", .schema = {.type = SchemaType::string}}}}},
            {.name = "other", .schema = {}}};

        CHECK(to_json_text(to_json_schema(form, {})) ==
              R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
              R"("properties":{"site":{"type":"object","properties":{"city":{"type":"string"}},)"
              R"("additionalProperties":false},"other":{}},"additionalProperties":false})");
    }
}
