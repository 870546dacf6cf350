#include "engine/cel/detail/meter.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("cel/detail/meter") {
    TEST_CASE("what does not reach uses the budget up for good") {
        CostMeter meter(EvaluationBudget{.steps = 3, .bytes = 100});

        CHECK(meter.take_steps(2));
        CHECK(meter.take_bytes(100));
        CHECK_FALSE(meter.exhausted());
        CHECK_FALSE(meter.take_steps(2));
        CHECK(meter.exhausted());
        CHECK_FALSE(meter.take_steps(1));
        CHECK_FALSE(meter.take_bytes(0));
    }

    TEST_CASE("reading costs a step for each sixteen bytes, making also the bytes") {
        CostMeter meter(EvaluationBudget{.steps = 4, .bytes = 32});

        CHECK(meter.take_reading(32));
        CHECK(meter.take_making(32));
        CHECK_FALSE(meter.take_making(1));
    }
}
