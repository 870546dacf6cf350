#include "engine/base/flat_map.hpp"

#include <doctest/doctest.h>

#include <string>

using Map = sillage::FlatMap<std::string, int>;

TEST_SUITE("base/flat_map") {
    TEST_CASE("entries stand in order of their keys, however they came") {
        Map map{{"c", 3}, {"a", 1}};
        map["b"] = 2;
        map.emplace("a", 9);

        std::string keys;
        for (const auto& [key, value] : map) {
            keys += key + std::to_string(value);
        }

        CHECK(keys == "a1b2c3");
        CHECK(map == Map{{"a", 1}, {"b", 2}, {"c", 3}});
    }

    TEST_CASE("what is not there is neither found nor erased") {
        Map map{{"b", 2}};
        map.erase("a");

        CHECK(map.size() == 1);
        CHECK(map.find("a") == map.end());
        CHECK_FALSE(map.contains("c"));
        CHECK(map.find("b")->second == 2);

        map.erase("b");
        CHECK(map.empty());
        CHECK(map["b"] == 0);
    }
}
