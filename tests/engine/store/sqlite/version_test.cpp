#include "engine/store/sqlite/version.hpp"

#include <doctest/doctest.h>

namespace sillage {

TEST_SUITE("store/sqlite/version") {
    TEST_CASE("the versions with the bug are told from those without") {
        for (const int number :
             {3'007'000, 3'040'001, 3'044'005, 3'045'000, 3'050'006, 3'051'002}) {
            CAPTURE(number);
            CHECK(has_wal_reset_bug(number));
        }
        for (const int number :
             {3'006'999, 3'044'006, 3'044'009, 3'050'007, 3'051'003, 3'053'002}) {
            CAPTURE(number);
            CHECK_FALSE(has_wal_reset_bug(number));
        }
    }

    TEST_CASE("the version at hand has three parts") { CHECK(sqlite_version().starts_with("3.")); }
}

}  // namespace sillage
