#include <doctest/doctest.h>
#include <cmath>

#include "engine/cel/value.hpp"

using namespace sillage;

TEST_SUITE("cel/value_text") {
    TEST_CASE("values are written as CEL would") {
        CHECK(to_string(Value()) == "null");
        CHECK(to_string(Value(true)) == "true");
        CHECK(to_string(Value(std::int64_t{-3})) == "-3");
        CHECK(to_string(Value(std::uint64_t{3})) == "3u");
        CHECK(to_string(Value(3.0)) == "3.0");
        CHECK(to_string(Value(std::nan(""))) == "double(\"NaN\")");
        CHECK(to_string(text_value("a\"\n")) == "\"a\\\"\\n\"");
        CHECK(to_string(bytes_value("a\"\xff")) == "b\"a\\x22\\xff\"");
        CHECK(to_string(list_value({Value(), Value(1.5)})) == "[null, 1.5]");
        CHECK(to_string(map_value({{text_value("a"), Value(false)}})) == "{\"a\": false}");
        CHECK(to_string(Value(Timestamp{.seconds = 1})) == "timestamp(\"1970-01-01T00:00:01Z\")");
        CHECK(to_string(Value(TimeSpan{.seconds = 60})) == "duration(\"60s\")");
        CHECK(to_string(Value(TypeName{"int"})) == "int");
    }
}
