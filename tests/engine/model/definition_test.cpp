#include "engine/model/definition.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/definition") {
    TEST_CASE("an event matches its own name, a leading part of its tokens, or everything") {
        for (const auto* descriptor : {"a.b", "a", "a.*", "a.b.*", "*"}) {
            CAPTURE(descriptor);
            CHECK(event_matches("a.b", descriptor));
        }
        for (const auto* descriptor : {"a.bc", "b", "a.b.c", "ab", ""}) {
            CAPTURE(descriptor);
            CHECK_FALSE(event_matches("a.b", descriptor));
        }
    }

    TEST_CASE("the done event of a child is not its parent's") {
        CHECK(event_matches("done.state.tracks", "done.state.tracks"));
        CHECK_FALSE(event_matches("done.state.tracks.one", "done.state.tracks"));
        CHECK_FALSE(event_matches("deadline.expired.a.b", "deadline.expired.a"));
        CHECK(event_matches("deadline.expired.a.b", "deadline.expired"));
        CHECK(event_matches("done.state.tracks.one", "done.state.tracks.*"));
    }
}
