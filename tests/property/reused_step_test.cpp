#include <utility>

#include "engine/interpreter/step.hpp"
#include "tests/property/random_chart.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

/// Charts and events a run tries. Chosen: half a second of an everyday run.
constexpr std::uint64_t chart_count = 200;
constexpr int event_count = 30;

}  // namespace

TEST_SUITE("property/reused_step") {
    TEST_CASE("steps of random charts into one Step are the steps, whatever it held before") {
        Step used;
        std::size_t accepted = 0;
        for (std::uint64_t seed = 1; seed <= chart_count; ++seed) {
            CAPTURE(seed);
            test::Dice dice(seed);
            Chart chart(test::random_chart(dice));
            for (int i = 0; i < event_count; ++i) {
                const Input input =
                    chart.with_event("e" + std::to_string(dice.roll(test::random_event_count)));

                const auto fresh = step(*chart.definition, chart.snapshot, input);
                const auto again = step_into(*chart.definition, chart.snapshot, input, used);

                REQUIRE(again.has_value() == fresh.has_value());
                if (!fresh) {
                    CHECK(again.error().code == fresh.error().code);
                    continue;
                }
                ++accepted;
                CHECK(used == fresh.value());
                std::swap(chart.snapshot, used.after);
            }
        }
        CHECK(accepted > chart_count);
    }
}
