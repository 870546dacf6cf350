#include "engine/store/json_reader.hpp"

#include <boost/json/array.hpp>

#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("store/json_reader") {
    TEST_CASE("members of the right kind are given") {
        const boost::json::object object{
            {"n", 3}, {"b", true}, {"t", "x"}, {"l", {"a", "b"}}, {"o", {{"n", 4}}}};
        JsonReader reader;

        CHECK(reader.integer(object, "n") == 3);
        CHECK(reader.unsigned_integer(object, "n") == 3);
        CHECK(reader.boolean(object, "b"));
        CHECK(reader.text(object, "t") == "x");
        CHECK(reader.texts(object, "l") == std::vector<std::string>{"a", "b"});
        CHECK(reader.integer(reader.object(object, "o"), "n") == 4);
        ok(reader.verdict("it"));
    }

    TEST_CASE("the first fault is told and empty values follow") {
        const boost::json::object object{{"n", -3}, {"t", 1}};
        JsonReader reader;

        CHECK(reader.text(object, "t").empty());
        CHECK(reader.unsigned_integer(object, "n") == 0);
        CHECK(reader.object(object, "none").empty());

        const Error error = error_of(reader.verdict("a thing"));
        CHECK(error.code == ErrorCode::corrupt);
        CHECK(error.message == "What was stored is not a thing: \"t\" is no text.");
    }
}
