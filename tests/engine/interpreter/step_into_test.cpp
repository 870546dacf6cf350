#include "engine/interpreter/step.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;
using test::error_of;
using test::ok;

namespace {

constexpr std::string_view counter = R"(
workflow: counter
version: 1
roles: { sme: {} }
context: { count: { type: integer, default: 0 } }
initial: on
states:
  on:
    on:
      turn: { by: sme, target: off, guard: count >= 0 }
  off:
    on:
      turn: { by: sme, target: on, actions: [{ assign: { count: "${count + 1}" } }] }
)";

}  // namespace

TEST_SUITE("interpreter/step_into") {
    TEST_CASE("a step into used memory is the step") {
        const Chart chart(counter);
        const Input turn = chart.with_event("turn");
        Step used = ok(chart.try_send("turn"));
        used.trace.emplace_back(FailedBlock{.message = "left over"});
        used.effects.emplace_back(Log{.value = "left over"});
        used.awaits_child = true;

        ok(step_into(*chart.definition, chart.snapshot, turn, used));

        CHECK(used == ok(chart.try_send("turn")));
    }

    TEST_CASE("a refusal comes without reasons and leaves what was before") {
        Chart chart(counter);
        Input input = chart.with_event("turn");
        input.actor.roles = {"nobody"};
        const Snapshot before = chart.snapshot;
        Step out;

        const Error error = error_of(step_into(*chart.definition, chart.snapshot, input, out));

        CHECK(error.code == ErrorCode::event_refused);
        CHECK(error.reasons.empty());
        CHECK(chart.snapshot == before);
    }

    TEST_CASE("a macrostep into used memory asks for no memory") {
        const Chart chart(counter);
        const Input turn = chart.with_event("turn");
        Snapshot now = chart.snapshot;
        Step out;
        const auto turn_once = [&] {
            const auto stepped = step_into(*chart.definition, now, turn, out);
            std::swap(now, out.after);
            return stepped.has_value();
        };
        // Twice round: both snapshots and the step have then had their largest content.
        for (int i = 0; i < 4; ++i) {
            REQUIRE(turn_once());
        }
        const std::size_t before = test::allocation_count();
        const bool turned = turn_once() && turn_once();
        const std::size_t after = test::allocation_count();

        CHECK(turned);
        CHECK(after == before);
        CHECK(now.context.front() == 3);
    }
}
