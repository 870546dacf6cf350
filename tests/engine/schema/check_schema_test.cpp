#include "engine/schema/check.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

std::vector<std::string> problems_of(const Schema& schema) {
    std::vector<std::string> lines;
    for (const SchemaProblem& problem : check_schema(schema)) {
        lines.push_back(problem.pointer + " " + problem.rule);
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("schema/check_schema") {
    TEST_CASE("a schema whose words agree is fine") {
        CHECK(problems_of({.type = SchemaType::integer,
                           .enumeration = {boost::json::value(1), boost::json::value(2)},
                           .minimum = 1.0,
                           .maximum = 2.0,
                           .default_value = boost::json::value(2)})
                  .empty());
        CHECK(problems_of({.type = SchemaType::string,
                           .min_length = 1,
                           .pattern = "^a",
                           .default_value = boost::json::value(nullptr)})
                  .empty());
    }

    TEST_CASE("a default and the values of enum must fit") {
        CHECK(problems_of({.type = SchemaType::integer,
                           .maximum = 5.0,
                           .default_value = boost::json::value(6)}) == Lines{"/default maximum"});
        CHECK(problems_of({.type = SchemaType::string,
                           .pattern = "^a",
                           .default_value = boost::json::value("b")}) == Lines{"/default pattern"});
        CHECK(problems_of({.type = SchemaType::string,
                           .enumeration = {boost::json::value("a"), boost::json::value(1)}}) ==
              Lines{"/enum/1 type"});
    }

    TEST_CASE("bounds that nothing meets are found") {
        CHECK(problems_of({.type = SchemaType::number, .minimum = 2.0, .maximum = 1.0}) ==
              Lines{"/maximum bounds"});
        CHECK(problems_of({.type = SchemaType::number, .minimum = 1.0, .exclusive_maximum = 1.0}) ==
              Lines{"/exclusiveMaximum bounds"});
        CHECK(problems_of({.type = SchemaType::string, .min_length = 2, .max_length = 1}) ==
              Lines{"/maxLength bounds"});
    }

    TEST_CASE("words of another type are found, below too") {
        const Schema inner{.type = SchemaType::string, .minimum = 1.0};

        CHECK(problems_of({.type = SchemaType::array, .items = std::make_shared<Schema>(inner)}) ==
              Lines{"/items/minimum misplaced"});
        CHECK(problems_of({.type = SchemaType::object,
                           .properties = {{.name = "a", .schema = {.pattern = "("}}}}) ==
              Lines{"/properties/a/pattern pattern"});
        CHECK(problems_of({.type = SchemaType::boolean, .format = SchemaFormat::date}) ==
              Lines{"/format misplaced"});
    }
}
