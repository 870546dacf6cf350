#include "server/hooks/log_end.hpp"

#include "tests/support/ticking.hpp"

using namespace sillage;
using test::ok;

TEST_SUITE("hooks/log_end") {
    TEST_CASE("the end of the log is the position of its last entry") {
        test::Ticking ticking;
        for (std::uint64_t count = 0; count < 9; ++count) {
            const auto view = ok(ticking.store.read());
            CHECK(ok(server::log_end(*view)) == count);
            ticking.start("ins_" + std::to_string(count), Instant{1'000});
        }
    }
}
