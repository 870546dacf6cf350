#include "server/http/clock.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

TEST_SUITE("http/clock") {
    TEST_CASE("the machine's clock stands in this century and does not go back") {
        const Instant first = system_now();

        CHECK(first > test::ok(parse_instant("2024-01-01T00:00:00Z")));
        CHECK(first < test::ok(parse_instant("2100-01-01T00:00:00Z")));
        CHECK(system_now() >= first);
    }
}

}  // namespace sillage::server
