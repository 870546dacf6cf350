#include "server/webhooks/unwritten.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

Delivery delivery(std::uint64_t number) {
    Delivery made;
    made.progress.number = number;
    return made;
}

DeliveryProgress done(std::uint64_t number) {
    return DeliveryProgress{.number = number, .status = DeliveryStatus::delivered};
}

}  // namespace

TEST_SUITE("webhooks/unwritten") {
    TEST_CASE("what is over before it was written is written once") {
        Unwritten unwritten;
        unwritten.add(delivery(1));
        unwritten.change(done(1));
        unwritten.change(done(7));

        const DeliveryBatch batch = unwritten.take();
        REQUIRE(batch.added.size() == 1);
        CHECK(batch.added.front().progress == done(1));
        CHECK(batch.changed == std::vector{done(7)});
        CHECK(unwritten.empty());
    }

    TEST_CASE("what could not be written comes before what came since, and takes its changes") {
        Unwritten unwritten;
        unwritten.add(delivery(1));
        unwritten.advance(5);
        DeliveryBatch batch = unwritten.take();
        unwritten.change(done(1));
        unwritten.add(delivery(2));
        unwritten.add(DeliveryAttempt{.delivery = 1, .attempt = 1});
        unwritten.put_back(std::move(batch));

        const DeliveryBatch again = unwritten.take();
        REQUIRE(again.added.size() == 2);
        CHECK(again.added.front().progress == done(1));
        CHECK(again.changed.empty());
        CHECK(again.attempts.size() == 1);
        CHECK(again.position == 5);
    }
}
