#include "engine/schema/check.hpp"

#include <boost/json/parse.hpp>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

namespace json = boost::json;

json::value value_of(std::string_view text) { return ok(parse_json(text)); }

/// `pointer rule` of each problem.
std::vector<std::string> problems_of(std::string_view text, const Schema& schema) {
    std::vector<std::string> lines;
    for (const SchemaProblem& problem : check_value(value_of(text), schema)) {
        lines.push_back(problem.pointer + " " + problem.rule);
    }
    return lines;
}

struct Row {
    Schema schema;
    std::vector<std::string> good;
    std::vector<std::string> bad;
    std::string rule;
};

std::vector<Field> answer_form() {
    return {{.name = "score",
             .schema = {.type = SchemaType::integer, .minimum = 0.0, .maximum = 100.0},
             .required = true},
            {.name = "note", .schema = {.type = SchemaType::string, .max_length = 5}}};
}

}  // namespace

TEST_SUITE("schema/check") {
    TEST_CASE("a value has the declared type, and null has none") {
        const Row rows[] = {
            {{.type = SchemaType::any}, {"null", "1", "\"a\"", "[]", "{}"}, {}, ""},
            {{.type = SchemaType::string}, {"\"\""}, {"null", "1", "[]"}, "type"},
            {{.type = SchemaType::integer},
             {"5", "5.0", "-9223372036854775808"},
             {"5.5", "9.3e18", "\"5\"", "true", "null"},
             "type"},
            {{.type = SchemaType::number}, {"5", "5.5"}, {"\"5\"", "null"}, "type"},
            {{.type = SchemaType::boolean}, {"true", "false"}, {"0", "\"true\""}, "type"},
            {{.type = SchemaType::array}, {"[]", "[1,\"a\"]"}, {"{}"}, "type"},
            {{.type = SchemaType::object}, {"{}", "{\"a\":1}"}, {"[]"}, "type"},
        };
        for (const Row& row : rows) {
            for (const auto& text : row.good) {
                CAPTURE(text);
                CHECK(problems_of(text, row.schema).empty());
            }
            for (const auto& text : row.bad) {
                CAPTURE(text);
                CHECK(problems_of(text, row.schema) == std::vector<std::string>{" " + row.rule});
            }
        }
    }

    TEST_CASE("each word asks for what JSON Schema says") {
        const auto five = json::value(5);
        const auto pattern = ok(compile_pattern("^[a-z]+$"));
        const Row rows[] = {
            {{.minimum = 5.0}, {"5", "5.0", "\"a\""}, {"4", "4.999"}, "minimum"},
            {{.maximum = 5.0}, {"5"}, {"6", "5.001"}, "maximum"},
            {{.exclusive_minimum = 5.0}, {"6", "5.001"}, {"5", "5.0"}, "exclusiveMinimum"},
            {{.exclusive_maximum = 5.0}, {"4"}, {"5"}, "exclusiveMaximum"},
            {{.maximum = 9007199254740992.0},
             {"9007199254740992"},
             {"9007199254740993"},
             "maximum"},
            {{.min_length = 2}, {"\"éé\"", "1"}, {"\"é\"", "\"\""}, "minLength"},
            {{.max_length = 2}, {"\"éé\"", "\"😀😀\""}, {"\"abc\""}, "maxLength"},
            {{.pattern = "^[a-z]+$", .compiled_pattern = pattern}, {"\"a\""}, {"\"1\""}, "pattern"},
            {{.enumeration = {five, json::value("a")}},
             {"5", "5.0", "\"a\""},
             {"6", "null"},
             "enum"},
        };
        for (const Row& row : rows) {
            for (const auto& text : row.good) {
                CAPTURE(text);
                CHECK(problems_of(text, row.schema).empty());
            }
            for (const auto& text : row.bad) {
                CAPTURE(text);
                CHECK(problems_of(text, row.schema) == std::vector<std::string>{" " + row.rule});
            }
        }
    }

    TEST_CASE("lists and objects are checked to the bottom, with pointers") {
        const Schema person{.type = SchemaType::object, .properties = answer_form()};
        const Schema people{.type = SchemaType::array, .items = std::make_shared<Schema>(person)};

        CHECK(problems_of(R"([{"score":1},{"score":101,"note":"too long","a/b":1},{}])", people) ==
              std::vector<std::string>{"/1/score maximum", "/1/note maxLength", "/1/a~1b unknown",
                                       "/2/score required"});
    }

    TEST_CASE("fields that are unknown or missing are named") {
        const auto problems = check_fields(value_of(R"({"scor": 3})").get_object(), answer_form());

        REQUIRE(problems.size() == 2);
        CHECK(problems[0] == SchemaProblem{.pointer = "/scor",
                                           .rule = "unknown",
                                           .message = "\"scor\" is not a field here; did you mean "
                                                      "\"score\"?"});
        CHECK(problems[1] == SchemaProblem{.pointer = "/score",
                                           .rule = "required",
                                           .message = "\"score\" is missing."});
    }

    TEST_CASE("sentences name what would be accepted") {
        const Schema schema{.type = SchemaType::integer, .minimum = 0.5, .maximum = 100.0};

        CHECK(check_value(json::value(101), schema).front().message == "The most is 100.");
        CHECK(check_value(json::value(0), schema).front().message == "The least is 0.5.");
        CHECK(check_value(json::value("a"), schema).front().message ==
              "A whole number is asked for.");
    }

    TEST_CASE("the list of problems has an end") {
        const Schema numbers{.type = SchemaType::array,
                             .items = std::make_shared<Schema>(Schema{.type = SchemaType::number})};
        const json::value wrong(json::array(5'000, json::value("x")));

        CHECK(check_value(wrong, numbers).size() == 100);
    }

    TEST_CASE(
        "a pattern that cannot be compiled is refused, one that backtracks elsewhere is not") {
        CHECK_FALSE(compile_pattern("(").has_value());
        CHECK_FALSE(compile_pattern("(a)\\1").has_value());
        const Schema schema{.pattern = "^(a+)+$",
                            .compiled_pattern = ok(compile_pattern("^(a+)+$"))};
        CHECK(check_value(json::value(std::string(50'000, 'a') + "b"), schema).size() == 1);
    }

    TEST_CASE("a word that is not on the list is answered with the nearest that is") {
        const Schema schema{.type = SchemaType::string,
                            .enumeration = {"finished_products", "packaging"}};
        const auto message_for = [&](const std::string& given) {
            const auto problems = check_value(json::value(given), schema);
            return problems.size() == 1 ? problems.front().message : "";
        };

        CHECK(message_for("finished_product") ==
              "One of \"finished_products\", \"packaging\" is asked for; did you mean "
              "\"finished_products\"?");
        CHECK(message_for("bakery") == "One of \"finished_products\", \"packaging\" is asked for.");
        CHECK(message_for(std::string(1'000'000, 'p')) == message_for("bakery"));
    }
}
