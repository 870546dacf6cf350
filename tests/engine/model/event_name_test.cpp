#include "engine/model/event_name.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/event_name") {
    TEST_CASE("a name is tokens joined by dots") {
        for (const char* name : {"a", "a.b-c._d", "A1.b2"}) {
            CAPTURE(name);
            CHECK(is_event_name(name));
        }
        for (const char* text : {"", ".", "a.", ".a", "a..b", "1a", "a.-b", "a b", "a.*", "é"}) {
            CAPTURE(text);
            CHECK_FALSE(is_event_name(text));
        }
    }
}
