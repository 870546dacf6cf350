#include "engine/base/ids.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("base/ids") {
    TEST_CASE("a ULID holds its time in ten characters and its entropy in sixteen") {
        Entropy ones;
        ones.fill(0xFF);

        CHECK(ulid(Instant{0}, Entropy{}) == "00000000000000000000000000");
        CHECK(ulid(Instant{0}, ones) == "0000000000ZZZZZZZZZZZZZZZZ");
        CHECK(ulid(Instant{1'469'918'176'385}, Entropy{}).substr(0, 10) == "01ARYZ6S41");
    }

    TEST_CASE("ids sort by the time they were made") {
        Entropy ones;
        ones.fill(0xFF);

        CHECK(make_id<InstanceTag>(Instant{1}, ones) < make_id<InstanceTag>(Instant{2}, Entropy{}));
        CHECK(make_id<CompanyTag>(Instant{1}, ones).value.substr(0, 4) == "com_");
    }
}
