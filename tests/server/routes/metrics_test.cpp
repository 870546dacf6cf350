#include "server/metrics/metrics.hpp"

#include "server/auth/token.hpp"
#include "tests/server/routes/world.hpp"
#include "tests/support/await.hpp"

using namespace sillage;
using test::World;

namespace {

struct Counted {
    server::Metrics metrics;
    World world;

    Counted() { world.services.metrics = &metrics; }
    /// The status for somebody with that address and these headers.
    int status(const std::string& peer, const std::vector<server::Field>& headers = {}) {
        auto request = world.request({.path = "/metrics", .as = "", .headers = headers});
        request.peer = peer;
        return static_cast<int>(test::await(world.router.answer(std::move(request))).status);
    }
};

}  // namespace

TEST_SUITE("routes/metrics") {
    TEST_CASE("TM44: without a token metrics are for this machine alone") {
        Counted counted;

        CHECK(counted.status("127.0.0.1") == 200);
        CHECK(counted.status("::1") == 200);
        CHECK(counted.status("192.0.2.7") == 404);
        CHECK(counted.status("127.0.0.1", {{"X-Forwarded-For", "192.0.2.7"}}) == 404);
        CHECK(counted.status("127.0.0.1", {{"Forwarded", "for=192.0.2.7"}}) == 404);
    }

    TEST_CASE("TM44: where there is a token, it alone counts") {
        Counted counted;
        counted.world.services.metrics_hash = server::token_hash("the-token");

        CHECK(counted.status("127.0.0.1") == 404);
        CHECK(counted.status("192.0.2.7", {{"Authorization", "Bearer the-token"}}) == 200);
        CHECK(counted.status("192.0.2.7", {{"Authorization", "Bearer another"}}) == 404);
    }
}
