#include "engine/yaml/detail/reading.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sillage {
namespace {

TEST_SUITE_BEGIN("yaml/reading");

TEST_CASE("names have the forms that the language gives them") {
    CHECK(is_field_name("a_1"));
    CHECK_FALSE(is_field_name("a-1"));
    CHECK_FALSE(is_field_name("1a"));
    CHECK_FALSE(is_field_name(""));
    CHECK(is_state_name("a-1"));
    CHECK_FALSE(is_state_name("a.b"));
    CHECK_FALSE(is_state_name("é"));
}

TEST_CASE("events of the engine are known by how they begin") {
    for (const std::string name :
         {"done.x", "error.execution", "deadline.expired.a", "after.a", "$x"}) {
        CAPTURE(name);
        CHECK(is_reserved_event(name));
    }
    for (const std::string name : {"done", "error", "afternoon", "deadlines.x", "mark.done.x"}) {
        CAPTURE(name);
        CHECK_FALSE(is_reserved_event(name));
    }
}

TEST_CASE("a suggestion is the nearest name, else the names there are") {
    CHECK(suggest("tilte", {"title", "target"}) == "; did you mean \"title\"?");
    CHECK(suggest("zzz", {"title", "target"}) == "; known here: title, target");
    CHECK(suggest("zzz", {}).empty());
    CHECK(suggest("zzz", KeyList(13, "a")).ends_with("a, …"));
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
