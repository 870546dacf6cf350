#include <algorithm>

#include "tests/property/random_chart.hpp"
#include "tests/support/chart.hpp"
#include "tests/support/prediction.hpp"

using namespace sillage;
using test::Chart;
using test::first_taken;
using test::predicted;

namespace {

/// Charts and events a run tries. Chosen: a second of an everyday run.
constexpr std::uint64_t chart_count = 300;
constexpr int event_count = 30;

/// One child of each active compound state, every region of each active parallel one, and every
/// active state's parent.
bool is_legal(const Definition& definition, const Snapshot& snapshot) {
    const auto active_children = [&](StateIndex state) {
        return std::ranges::count_if(definition.state(state).children,
                                     [&](StateIndex child) { return is_active(snapshot, child); });
    };
    const auto regions = [&](StateIndex state) {
        return std::ranges::count_if(definition.state(state).children, [&](StateIndex child) {
            return definition.state(child).type != StateType::history;
        });
    };
    if (active_children(root_state) != 1) {
        return false;
    }
    return std::ranges::all_of(snapshot.configuration, [&](StateIndex index) {
        const State& state = definition.state(index);
        const bool has_parent = state.parent == root_state || is_active(snapshot, state.parent);
        switch (state.type) {
            case StateType::compound:
                return has_parent && active_children(index) == 1;
            case StateType::parallel:
                return has_parent && active_children(index) == regions(index);
            case StateType::history:
                return false;
            case StateType::atomic:
            case StateType::final:
                return has_parent;
        }
        return false;
    });
}

/// What role, form and guard say of a candidate is what became of it.
void check_verdicts(const Candidate& candidate) {
    const Verdicts& verdicts = candidate.verdicts;
    const bool met =
        (!verdicts.role || verdicts.role->ok) && (!verdicts.form || verdicts.form->ok) &&
        std::ranges::all_of(verdicts.guard,
                            [](const ClauseVerdict& clause) { return clause.ok == true; });
    if (candidate.verdict != Verdict::not_reached) {
        CHECK(met == (candidate.verdict != Verdict::refused));
    }
}

/// Sends one event; what explain says of it is what step does.
void compare(Chart& chart, const Input& input) {
    const Explanation explanation = explain(*chart.definition, chart.snapshot, input);
    std::ranges::for_each(explanation.candidates, check_verdicts);
    const auto outcome = step(*chart.definition, chart.snapshot, input);
    if (!outcome) {
        const bool refused = outcome.error().code == ErrorCode::event_refused;
        CHECK(explanation.accepted == !refused);
        CHECK((!refused || outcome.error().reasons == explanation.reasons));
        return;
    }
    CHECK(explanation.accepted);
    CHECK(explanation.reasons.empty());
    const auto enabled = predicted(explanation);
    CHECK(first_taken(outcome.value().trace, enabled.size()) == enabled);
    CHECK(is_legal(*chart.definition, outcome.value().after));
    chart.snapshot = outcome.value().after;
}

}  // namespace

TEST_SUITE("property/predicted_step") {
    TEST_CASE("explain predicts every step of random charts, and configurations stay legal") {
        std::size_t accepted = 0;
        for (std::uint64_t seed = 1; seed <= chart_count; ++seed) {
            CAPTURE(seed);
            test::Dice dice(seed);
            const std::string yaml = test::random_chart(dice);
            const ReadOutcome outcome = read_definition(yaml, "random.yaml");
            REQUIRE_MESSAGE(outcome.definition, test::words_of(outcome.findings), yaml);
            Chart chart(yaml);
            for (int i = 0; i < event_count; ++i) {
                Input input =
                    chart.with_event("e" + std::to_string(dice.roll(test::random_event_count)));
                input.actor.roles = {"r" + std::to_string(dice.roll(3))};
                const std::uint64_t before = chart.snapshot.sequence;
                compare(chart, input);
                accepted += chart.snapshot.sequence != before ? 1U : 0U;
            }
        }
        CHECK(accepted > chart_count);
    }
}
