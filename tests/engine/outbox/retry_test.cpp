#include "engine/outbox/retry.hpp"

#include <vector>

#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("outbox/retry") {
    TEST_CASE("ten attempts, ever further apart, then no more") {
        const std::vector<std::int64_t> seconds{0,      5,      300,    1'800,  7'200,
                                                18'000, 36'000, 50'400, 72'000, 86'400};

        for (std::uint32_t attempt = 0; attempt < seconds.size(); ++attempt) {
            CAPTURE(attempt);
            CHECK(retry_delay(attempt) == Duration{seconds[attempt] * 1'000});
        }
        CHECK(retry_delay(10) == std::nullopt);
        CHECK(retry_delay(4'000'000'000U) == std::nullopt);
    }
}
