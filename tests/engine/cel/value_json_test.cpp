#include <cmath>

#include "engine/base/json.hpp"
#include "engine/cel/value.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

std::string read(const char* json, const Schema* schema = nullptr, const DateReader& dates = {}) {
    return to_string(from_json(ok(parse_json(json)), schema, dates));
}

std::string written(const Value& value) { return to_json_text(ok(to_json(value))); }

/// Days begin at six.
Instant at_six(const void*, CivilDate date) {
    return Instant{(days_from_civil(date) * 24 + 6) * 3'600'000};
}

}  // namespace

TEST_SUITE("cel/value_json") {
    TEST_CASE("undeclared JSON is typed by its form") {
        CHECK(read("null") == "null");
        CHECK(read("5") == "5");
        CHECK(read("5.0") == "5.0");
        CHECK(read("5e0") == "5.0");
        CHECK(read("9223372036854775808") == "9223372036854775808.0");
        CHECK(read(R"(["a",true,{"b":[]}])") == R"(["a", true, {"b": []}])");
        CHECK(read("\"2027-03-15\"") == "\"2027-03-15\"");
    }

    TEST_CASE("declared JSON is what its schema says") {
        const Schema number{.type = SchemaType::number};
        const Schema integer{.type = SchemaType::integer};
        const Schema instant{.type = SchemaType::string, .format = SchemaFormat::date_time};
        const Schema day{.type = SchemaType::string, .format = SchemaFormat::date};

        CHECK(read("5", &number) == "5.0");
        CHECK(read("5.0", &integer) == "5");
        CHECK(read("5.5", &integer) == "5.5");
        CHECK(read("null", &number) == "null");
        CHECK(read("\"2027-03-15T16:00:00+01:00\"", &instant) ==
              "timestamp(\"2027-03-15T15:00:00Z\")");
        CHECK(read("\"tomorrow\"", &instant) == "\"tomorrow\"");
        CHECK(read("\"2027-03-15\"", &day) == "timestamp(\"2027-03-15T00:00:00Z\")");
        CHECK(read("\"2027-03-15\"", &day, DateReader{.start_of = at_six}) ==
              "timestamp(\"2027-03-15T06:00:00Z\")");
        CHECK(read("\"15 March\"", &day) == "\"15 March\"");
    }

    TEST_CASE("items and properties follow their own schemas") {
        const Schema schema{.type = SchemaType::object,
                            .properties = {{.name = "list",
                                            .schema = {.type = SchemaType::array,
                                                       .items = std::make_shared<const Schema>(
                                                           Schema{.type = SchemaType::number})}}}};

        CHECK(read(R"({"list":[1,2.5],"other":1})", &schema) ==
              R"({"list": [1.0, 2.5], "other": 1})");
    }

    TEST_CASE("values are written as JSON that reads back") {
        CHECK(written(Value()) == "null");
        CHECK(written(Value(std::int64_t{5})) == "5");
        CHECK(written(Value(std::uint64_t{5})) == "5");
        CHECK(written(Value(5.0)) == "5.0");
        CHECK(written(bytes_value("a\xff")) == "\"Yf8=\"");
        CHECK(written(Value(Timestamp{.seconds = 1})) == "\"1970-01-01T00:00:01.000Z\"");
        CHECK(written(Value(TimeSpan{.seconds = 3600})) == "\"3600s\"");
        CHECK(written(list_value({Value(true), text_value("é")})) == "[true,\"é\"]");
        CHECK(written(map_value({{Value(std::int64_t{1}), Value()}, {Value(true), Value()}})) ==
              R"({"1":null,"true":null})");
    }

    TEST_CASE("what JSON cannot hold is refused") {
        Value deep;
        for (std::size_t i = 0; i < json_value_depth_max; ++i) {
            deep = list_value({deep});
        }
        CHECK(to_json(deep).has_value());

        for (const Value& value :
             {Value(std::nan("")), Value(HUGE_VAL), Value(~std::uint64_t{0}),
              Value(TypeName{"int"}), list_value({deep}),
              map_value({{Value(std::int64_t{1}), Value()}, {text_value("1"), Value()}})}) {
            CHECK(error_of(to_json(value)).code == ErrorCode::expression_failed);
        }
    }

    TEST_CASE("base64 pads to groups of four") {
        CHECK(base64("") == "");
        CHECK(base64("f") == "Zg==");
        CHECK(base64("fo") == "Zm8=");
        CHECK(base64("foo") == "Zm9v");
        CHECK(base64("foobar") == "Zm9vYmFy");
    }
}
