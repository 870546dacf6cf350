#include "server/webhooks/desk.hpp"

#include <thread>

#include "tests/support/await.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

net::awaitable<Result<int>> ask(Desk& desk, std::thread::id& where) {
    auto work = [&]() -> Result<int> {
        where = std::this_thread::get_id();
        return 7;
    };
    co_return co_await desk.run(work);
}

}  // namespace

TEST_SUITE("webhooks/desk") {
    TEST_CASE("work is done on another thread, and its result comes back") {
        Desk desk(1, 4);
        std::thread::id where;

        CHECK(test::ok(test::await(ask(desk, where))) == 7);
        CHECK(where != std::this_thread::get_id());
    }

    TEST_CASE("what there is no room for is refused") {
        Desk desk(1, 0);
        std::thread::id where;

        CHECK(test::error_of(test::await(ask(desk, where))).code == ErrorCode::unavailable);
    }
}
