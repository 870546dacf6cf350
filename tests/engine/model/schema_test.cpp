#include "engine/model/schema.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/schema") {
    TEST_CASE("a field is found by its name") {
        const std::vector<Field> fields{Field{.name = "score"}, Field{.name = "reason"}};

        REQUIRE(find_field(fields, "reason") != nullptr);
        CHECK(find_field(fields, "reason")->name == "reason");
        CHECK(find_field(fields, "reasons") == nullptr);
    }

    TEST_CASE("schemas are equal when their words are, elements included") {
        const auto list_of = [](SchemaType element) {
            return Schema{.type = SchemaType::array,
                          .items = std::make_shared<const Schema>(Schema{.type = element})};
        };

        CHECK(list_of(SchemaType::string) == list_of(SchemaType::string));
        CHECK_FALSE(list_of(SchemaType::string) == list_of(SchemaType::integer));
        CHECK_FALSE(list_of(SchemaType::string) == Schema{.type = SchemaType::array});
    }
}
