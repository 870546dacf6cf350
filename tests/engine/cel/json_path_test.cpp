#include "engine/cel/json_path.hpp"

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

constexpr const char* record = R"({"name": "Orvane", "size": 3, "none": null, "tags": ["a", "b"],
    "address": {"city": "Lyon", "since": "2027-03-15"}})";

/// What stands at the end of the path, or `barred`. Absent members are null when they end in `?`.
std::string read(std::vector<std::string> names, bool presence = false,
                 const std::vector<Field>* fields = nullptr) {
    VariablePath path{.presence = presence};
    for (std::string& name : names) {
        const bool nullable = name.ends_with('?');
        path.steps.push_back({.name = nullable ? name.substr(0, name.size() - 1) : name,
                              .null_when_absent = nullable});
    }
    const boost::json::value json = ok(parse_json(record));
    Value value;
    return read_json_path({json.get_object(), fields}, path, DateReader{}, value) ? to_string(value)
                                                                                  : "barred";
}

}  // namespace

TEST_SUITE("cel/json_path") {
    TEST_CASE("members are found at any depth and read as from_json reads them") {
        const std::vector<Field> fields = {
            {.name = "size", .schema = {.type = SchemaType::number}},
            {.name = "address",
             .schema = {
                 .type = SchemaType::object,
                 .properties = {{.name = "since", .schema = {.format = SchemaFormat::date}}}}}};

        CHECK(read({"name"}) == "\"Orvane\"");
        CHECK(read({"size"}) == "3");
        CHECK(read({"size"}, false, &fields) == "3.0");
        CHECK(read({"none"}) == "null");
        CHECK(read({"tags"}) == "[\"a\", \"b\"]");
        CHECK(read({"address", "city"}) == "\"Lyon\"");
        CHECK(read({"address", "since"}, false, &fields) == "timestamp(\"2027-03-15T00:00:00Z\")");
        CHECK(read({"address"}) == "{\"city\": \"Lyon\", \"since\": \"2027-03-15\"}");
    }

    TEST_CASE("what is absent is null when it may be, and else left to the whole variable") {
        CHECK(read({"nothing?"}) == "null");
        CHECK(read({"nothing"}) == "barred");
        CHECK(read({"nothing?", "city"}) == "barred");
        CHECK(read({"none", "city?"}) == "barred");
        CHECK(read({"name", "city?"}) == "barred");
        CHECK(read({"tags", "city?"}) == "barred");
    }

    TEST_CASE("presence is asked of the last step alone") {
        CHECK(read({"name"}, true) == "true");
        CHECK(read({"none"}, true) == "true");
        CHECK(read({"nothing?"}, true) == "false");
        CHECK(read({"address", "zip"}, true) == "false");
        CHECK(read({"nothing?", "zip"}, true) == "barred");
    }
}
