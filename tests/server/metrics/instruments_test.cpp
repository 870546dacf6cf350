#include "server/metrics/instruments.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace sillage::server;
using namespace std::chrono_literals;

TEST_SUITE("metrics/instruments") {
    TEST_CASE("a histogram counts what is at most as long as each bound") {
        Histogram histogram(slow_bounds);
        for (const auto took : {0ns, 500'000ns, 500'001ns, 1'000'000'000ns, 60'000'000'000ns}) {
            histogram.observe(took);
        }
        const auto reading = histogram.read();

        CHECK(reading.up_to[0] == 2);
        CHECK(reading.up_to[1] == 3);
        CHECK(reading.up_to[9] == 4);
        CHECK(reading.up_to[11] == 4);
        CHECK(reading.up_to[12] == 5);
        CHECK(reading.sum_s == doctest::Approx(61.001000001));
    }

    TEST_CASE("a clock that went back counts as nothing, not as centuries") {
        Histogram histogram(quick_bounds);
        histogram.observe(-5s);

        CHECK(histogram.read().up_to[0] == 1);
        CHECK(histogram.read().sum_s == 0);
    }

    TEST_CASE("nothing is lost when several threads count") {
        Counter counter;
        Histogram histogram(late_bounds);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 1'000; ++j) {
                    counter.add(2);
                    histogram.observe(1ms);
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }

        CHECK(counter.value() == 8'000);
        CHECK(histogram.read().up_to.back() == 4'000);
        CHECK(histogram.read().sum_s == doctest::Approx(4.0));
    }
}
