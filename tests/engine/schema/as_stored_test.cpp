#include <doctest/doctest.h>

#include "engine/schema/check.hpp"

using namespace sillage;

namespace {

const std::vector<Field> form = {
    {.name = "score",
     .schema = {.type = SchemaType::integer, .minimum = 0.0, .exclusive_maximum = 100.0},
     .required = true},
    {.name = "ratio", .schema = {.type = SchemaType::number}},
    {.name = "reason", .schema = {.type = SchemaType::string, .min_length = 1, .max_length = 3}},
    {.name = "sure", .schema = {.type = SchemaType::boolean}},
};

}  // namespace

TEST_SUITE("schema/as_stored") {
    TEST_CASE("a yes means that check has no problem and normalise no change") {
        struct Row {
            boost::json::object data;
            bool is_plain;
        };
        const Row rows[] = {
            {{{"score", 0}}, true},
            {{{"score", 99}, {"ratio", 1.5}, {"reason", "äöü"}, {"sure", true}}, true},
            {{{"score", 7}, {"sure", false}}, true},
            {{{"score", 7}, {"ratio", 1}}, false},    // stored as 1.0
            {{{"score", 7.0}}, false},                // stored as 7
            {{{"ratio", 1.5}, {"score", 7}}, false},  // stored in another order
            {{{"score", 100}}, false},
            {{{"score", -1}}, false},
            {{{"score", 7}, {"reason", ""}}, false},
            {{{"score", 7}, {"reason", "four"}}, false},
            {{{"score", 7}, {"sure", 1}}, false},
            {{{"score", nullptr}}, false},
            {{{"ratio", 1.5}}, false},
            {{}, false},
            {{{"score", 7}, {"other", 1}}, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.data);
            const bool is_right = check_fields(row.data, form).empty() &&
                                  normalise_fields(row.data, form) == row.data;

            CHECK(is_as_stored(row.data, form) == row.is_plain);
            CHECK((!row.is_plain || is_right));
        }
    }

    TEST_CASE("what takes more than a comparison is left to check") {
        const Schema listed{.type = SchemaType::string, .enumeration = {"a"}};
        const Schema dated{.type = SchemaType::string, .format = SchemaFormat::date};

        CHECK_FALSE(is_as_stored("a", listed));
        CHECK_FALSE(is_as_stored("2027-03-15", dated));
        CHECK_FALSE(is_as_stored(1, Schema{}));
        CHECK_FALSE(
            is_as_stored(boost::json::object{}, {{.name = "n", .schema = {.default_value = 1}}}));
        CHECK_FALSE(is_as_stored(std::int64_t{1} << 60, Schema{.type = SchemaType::integer}));
    }
}
