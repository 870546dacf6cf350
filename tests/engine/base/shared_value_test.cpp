#include "engine/base/shared_value.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace sillage;
using Numbers = std::vector<int>;

TEST_SUITE("base/shared_value") {
    TEST_CASE("copies share the value until one of them is replaced") {
        const SharedValue<Numbers> nothing;
        SharedValue<Numbers> first(Numbers{1});
        const SharedValue<Numbers> second = first;
        CHECK(&*first == &*second);
        CHECK(nothing->empty());

        first.update([](Numbers& numbers) { numbers.push_back(2); });
        CHECK(*first == Numbers{1, 2});
        CHECK(*second == Numbers{1});
        CHECK_FALSE(first == second);

        first.update([](Numbers& numbers) { numbers.pop_back(); });
        CHECK(&*first != &*second);
        CHECK(first == second);
    }
}
