#include "engine/model/snapshot.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/snapshot") {
    TEST_CASE("a context copied onto another is that context") {
        const boost::json::value kinds[] = {nullptr,
                                            1,
                                            2,
                                            1.5,
                                            true,
                                            "a",
                                            boost::json::string(99, 'b'),
                                            boost::json::array{1, "c"},
                                            boost::json::object{{"d", nullptr}}};
        for (const boost::json::value& from : kinds) {
            for (const boost::json::value& to : kinds) {
                const ContextValues original{from, 7};
                ContextValues copy{to};

                copy = original;
                CHECK(copy == original);
                copy = ContextValues{to};
                CHECK(copy.size() == 1);
            }
        }
    }

    TEST_CASE("a state is active when the configuration has it") {
        const Snapshot snapshot{.configuration = {0, 2, 5}};

        CHECK(is_active(snapshot, 2));
        CHECK_FALSE(is_active(snapshot, 3));
        CHECK_FALSE(is_active(Snapshot{}, 0));
    }
}
