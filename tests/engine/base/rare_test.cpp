#include "engine/base/rare.hpp"

#include <doctest/doctest.h>

#include <string>

using Text = sillage::Rare<std::string>;

TEST_SUITE("base/rare") {
    TEST_CASE("it takes a pointer's room, and is copied and compared as what it holds") {
        static_assert(sizeof(Text) == sizeof(void*));
        const Text empty;
        const Text full = std::string("once");
        Text copy = full;

        CHECK(copy == full);
        CHECK(*copy == "once");
        CHECK_FALSE(copy == empty);
        *copy = "twice";
        CHECK(*full == "once");

        copy = empty;
        CHECK_FALSE(copy.has_value());
        CHECK(copy == empty);
    }

    TEST_CASE("it comes from an optional and goes into one") {
        const std::optional<std::string> none;
        const std::optional<std::string> some = "once";

        CHECK(std::optional<std::string>(Text(none)) == none);
        CHECK(std::optional<std::string>(Text(some)) == some);
    }

    TEST_CASE("one assigned to itself stays") {
        Text text = std::string("once");
        const Text& same = text;
        text = same;

        CHECK(*text == "once");
    }
}
