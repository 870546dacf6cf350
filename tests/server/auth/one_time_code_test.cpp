#include "server/auth/one_time_code.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("auth/one_time_code") {
    TEST_CASE("a code is known by its hash, until its end") {
        const std::string kept = kept_code("the-code", Instant{1000});

        CHECK(kept.find("the-code") == std::string::npos);
        CHECK(is_code(kept, "the-code", Instant{999}));
        CHECK_FALSE(is_code(kept, "the-code", Instant{1000}));
        CHECK_FALSE(is_code(kept, "another", Instant{999}));
    }

    TEST_CASE("where none is kept, none is good") {
        for (const std::string_view kept : {"", " ", "the-code", "x 1970-01-01T00:00:01Z"}) {
            CAPTURE(kept);
            CHECK_FALSE(is_code(kept, "", Instant{0}));
            CHECK_FALSE(is_code(kept, "the-code", Instant{0}));
        }
    }
}

}  // namespace sillage::server
