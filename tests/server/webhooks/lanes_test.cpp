#include "server/webhooks/lanes.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

DeliveryPointer delivery(std::uint64_t number, const std::string& instance, std::int64_t due = 0) {
    auto made = std::make_unique<Delivery>(Delivery{.instance = instance});
    made->progress.number = number;
    made->progress.next_at = Instant{due};
    return made;
}

std::uint64_t number_of(const DeliveryPointer& delivery) {
    return delivery == nullptr ? 0 : delivery->progress.number;
}

}  // namespace

TEST_SUITE("webhooks/lanes") {
    TEST_CASE("of one instance one goes after the other, of several side by side") {
        Lanes lanes;
        lanes.add(delivery(1, "a"));
        lanes.add(delivery(2, "a"));
        lanes.add(delivery(3, "b"));

        const DeliveryPointer first = lanes.take(Instant{0});
        CHECK(number_of(first) == 1);
        CHECK(number_of(lanes.take(Instant{0})) == 3);
        CHECK(number_of(lanes.take(Instant{0})) == 0);
        lanes.finish(*first);
        CHECK(number_of(lanes.take(Instant{0})) == 2);
    }

    TEST_CASE("one that failed holds back those of its instance, and no others") {
        Lanes lanes;
        lanes.add(delivery(1, "a"));
        lanes.add(delivery(2, "a"));
        lanes.add(delivery(3, "b"));
        DeliveryPointer failed = lanes.take(Instant{0});
        failed->progress.next_at = Instant{5'000};
        lanes.put_back(std::move(failed));

        CHECK(number_of(lanes.take(Instant{0})) == 3);
        CHECK(number_of(lanes.take(Instant{4'999})) == 0);
        CHECK(lanes.next_due() == Instant{5'000});
        CHECK(number_of(lanes.take(Instant{5'000})) == 1);
    }

    TEST_CASE("what is of no instance, or apart, waits for nobody") {
        Lanes lanes;
        lanes.add(delivery(1, "a"));
        lanes.add(delivery(2, "a"), true);
        lanes.add(delivery(3, ""));
        lanes.add(delivery(4, ""));

        for (std::uint64_t number = 1; number <= 4; ++number) {
            CHECK(number_of(lanes.take(Instant{0})) == number);
        }
        CHECK(lanes.size() == 4);
    }

    TEST_CASE("one that waits can be told to go at once") {
        Lanes lanes;
        lanes.add(delivery(1, "a", 9'000));

        CHECK(lanes.hurry(1, Instant{10}));
        CHECK_FALSE(lanes.hurry(2, Instant{10}));
        const DeliveryPointer taken = lanes.take(Instant{10});
        CHECK(number_of(taken) == 1);
        CHECK_FALSE(lanes.hurry(1, Instant{10}));
    }

    TEST_CASE("dropped is what waits, while what was taken is finished later") {
        Lanes lanes;
        lanes.add(delivery(1, "a"));
        lanes.add(delivery(2, "a"));
        lanes.add(delivery(3, "b"));
        const DeliveryPointer taken = lanes.take(Instant{0});
        lanes.clear();

        CHECK(lanes.size() == 1);
        CHECK(lanes.holds(1));
        lanes.finish(*taken);
        CHECK(lanes.size() == 0);
        lanes.add(delivery(4, "a"));
        CHECK(number_of(lanes.take(Instant{0})) == 4);
    }
}
