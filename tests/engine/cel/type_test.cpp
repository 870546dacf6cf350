#include "engine/cel/type.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("cel/type") {
    TEST_CASE("a declared field's type follows its schema") {
        CHECK(to_string(type_of(Schema{.type = SchemaType::integer})) == "int or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::integer,
                                       .default_value = boost::json::value(0)})) == "int");
        CHECK(to_string(type_of(Schema{.type = SchemaType::integer,
                                       .default_value = boost::json::value(nullptr)})) ==
              "int or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::number})) == "double or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::boolean})) == "bool or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::string})) == "string or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::string,
                                       .format = SchemaFormat::email})) == "string or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::string,
                                       .format = SchemaFormat::date})) == "timestamp or null");
        CHECK(to_string(type_of(Schema{})) == "dyn");
        CHECK(to_string(type_of(Schema{.type = SchemaType::array})) == "list(dyn) or null");
        CHECK(to_string(type_of(Schema{.type = SchemaType::object})) == "map(dyn) or null");
    }

    TEST_CASE("a form is a closed object whose required fields are never null") {
        const ValueType form = type_of(std::vector<Field>{
            {.name = "a", .schema = {.type = SchemaType::integer}, .required = true},
            {.name = "b", .schema = {.type = SchemaType::string}}});

        CHECK(form.closed);
        REQUIRE(form.members.size() == 2);
        CHECK(to_string(form.members[0].second) == "int");
        CHECK(to_string(form.members[1].second) == "string or null");
        CHECK(type_of(std::vector<Field>{}).closed);
    }
}
