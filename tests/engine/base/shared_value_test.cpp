#include "engine/base/shared_value.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sillage;

TEST_SUITE("base/shared_value") {
    TEST_CASE("copies share the value until one of them is replaced") {
        const SharedValue<std::string> nothing;
        SharedValue<std::string> first(std::string("a"));
        const SharedValue<std::string> second = first;
        CHECK(&*first == &*second);
        CHECK(nothing->empty());

        first.update([](std::string& text) { text += "b"; });
        CHECK(*first == "ab");
        CHECK(*second == "a");
        CHECK_FALSE(first == second);

        first.update([](std::string& text) { text = "a"; });
        CHECK(&*first != &*second);
        CHECK(first == second);
    }
}
