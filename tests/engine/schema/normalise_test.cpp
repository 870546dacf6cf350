#include "engine/base/json.hpp"
#include "engine/schema/check.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

namespace json = boost::json;

json::value value_of(std::string_view text) { return ok(parse_json(text)); }

std::vector<Field> answer_form() {
    return {{.name = "score",
             .schema = {.type = SchemaType::integer, .minimum = 0.0, .maximum = 100.0},
             .required = true},
            {.name = "note", .schema = {.type = SchemaType::string, .max_length = 5}}};
}

}  // namespace

TEST_SUITE("schema/normalise") {
    TEST_CASE("numbers take the declared kind, absent members their default, in declared order") {
        std::vector<Field> fields = answer_form();
        fields[1].schema.default_value = json::value("none");
        fields.push_back({.name = "share", .schema = {.type = SchemaType::number}});
        fields.push_back(
            {.name = "years",
             .schema = {.type = SchemaType::array,
                        .items = std::make_shared<Schema>(Schema{.type = SchemaType::integer})}});

        const auto normal = normalise_fields(
            value_of(R"({"years":[2027.0,2028],"share":1,"score":72.0})").get_object(), fields);

        CHECK(to_json_text(normal) ==
              R"({"score":72,"note":"none","share":1.0,"years":[2027,2028]})");
    }

    TEST_CASE("an object without declared properties is kept as it is") {
        const Schema schema{.type = SchemaType::object};

        CHECK(to_json_text(normalise(value_of(R"({"b":1,"a":2.0})"), schema)) ==
              R"({"b":1,"a":2.0})");
    }
}
