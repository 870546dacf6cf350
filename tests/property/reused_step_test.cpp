#include <utility>

#include "engine/interpreter/step.hpp"
#include "tests/property/random_chart.hpp"
#include "tests/property/random_input.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Dice;

namespace {

/// Events a chart is sent. Chosen: most charts have shown all their states by then.
constexpr int event_count = 12;

Input random_step(const char* event, Dice& dice) {
    return Input{.event = {.name = event, .data = test::random_data(dice)},
                 .actor = test::random_actor(dice),
                 .now = Instant{1'800'000'000'000},
                 .languages = {"en"}};
}

/// Gives how many events were accepted.
std::size_t walk(const Definition& definition, Snapshot snapshot, Step& used, Dice& dice) {
    const auto names = test::random_event_names();
    std::size_t accepted = 0;
    for (int i = 0; i < event_count; ++i) {
        const Input input = random_step(names[dice.roll(names.size())], dice);

        const auto fresh = step(definition, snapshot, input);
        const auto again = step_into(definition, snapshot, input, used);

        REQUIRE(again.has_value() == fresh.has_value());
        if (!fresh) {
            CHECK(again.error().code == fresh.error().code);
            continue;
        }
        ++accepted;
        CHECK(used == fresh.value());
        std::swap(snapshot, used.after);
    }
    return accepted;
}

}  // namespace

TEST_SUITE("property/reused_step") {
    TEST_CASE("steps of random charts into one Step are the steps, whatever it held before") {
        const test::Seeds seeds = test::property_seeds();
        Step used;
        std::size_t accepted = 0;
        for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
            CAPTURE(seed);
            Dice dice(seed);
            const auto definition = test::read_chart(test::random_chart(dice));
            const auto first = start(*definition, random_step("$start", dice));
            if (first) {  // a contract may be broken from the start
                accepted += walk(*definition, first.value().after, used, dice);
            }
        }
        CHECK(accepted > seeds.last - seeds.first);
    }
}
