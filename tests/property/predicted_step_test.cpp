#include <algorithm>

#include "engine/interpreter/explain.hpp"
#include "engine/interpreter/step.hpp"
#include "tests/property/random_chart.hpp"
#include "tests/property/random_input.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/prediction.hpp"

using namespace sillage;
using test::Dice;
using test::predicted;

namespace {

/// Events a chart is sent. Chosen: most charts have shown all their states by then.
constexpr int event_count = 12;

Input input_of(std::string event, Dice& dice) {
    return Input{.event = {.name = std::move(event), .data = test::random_data(dice)},
                 .actor = test::random_actor(dice),
                 .now = Instant{1'800'000'000'000},
                 .languages = {"en"}};
}

/// What was taken for the event itself, of the first microstep: at most `count` when an event of
/// the same name was raised, since that has its own microstep.
std::vector<TransitionIndex> taken_for(const Trace& trace, std::string_view event,
                                       std::size_t count) {
    std::vector<TransitionIndex> taken;
    bool is_raised = false;
    for (const TraceItem& item : trace) {
        const auto* transition = std::get_if<TakenTransition>(&item);
        const auto* raised = std::get_if<RaisedEvent>(&item);
        is_raised = is_raised || (raised != nullptr && raised->event == event);
        if (transition != nullptr && transition->event == event &&
            (!is_raised || taken.size() < count)) {
            taken.push_back(transition->transition);
        }
    }
    std::ranges::sort(taken);
    return taken;
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

/// What explain says of an event is what step does with it. Gives the snapshot after it.
Snapshot compare(const Definition& definition, const Snapshot& before, const Input& input) {
    CAPTURE(input.event.name);
    const Explanation explanation = explain(definition, before, input);
    std::ranges::for_each(explanation.candidates, check_verdicts);
    auto outcome = step(definition, before, input);
    if (!outcome) {
        const bool refused = outcome.error().code == ErrorCode::event_refused;
        CHECK(explanation.accepted == !refused);
        CHECK((!refused || outcome.error().reasons == explanation.reasons));
        return before;
    }
    CHECK(explanation.accepted);
    CHECK(explanation.reasons.empty());
    const auto enabled = predicted(explanation);
    CHECK(taken_for(outcome.value().trace, input.event.name, enabled.size()) == enabled);
    CHECK(test::is_legal(definition, outcome.value().after));
    return std::move(outcome).value().after;
}

/// Sends random events; before each, every event is explained to some actor. Gives how many were
/// accepted.
std::size_t walk(const Definition& definition, Snapshot snapshot, Dice& dice) {
    const auto names = test::random_event_names();
    std::size_t accepted = 0;
    for (int i = 0; i < event_count; ++i) {
        const std::size_t chosen = dice.roll(names.size());
        Snapshot next;
        for (std::size_t name = 0; name < names.size(); ++name) {
            Snapshot after = compare(definition, snapshot, input_of(names[name], dice));
            if (name == chosen) {
                next = std::move(after);
            }
        }
        accepted += next.sequence != snapshot.sequence ? 1U : 0U;
        snapshot = std::move(next);
    }
    return accepted;
}

}  // namespace

TEST_SUITE("property/predicted_step") {
    TEST_CASE("explain predicts every step of random charts, and configurations stay legal") {
        const test::Seeds seeds = test::property_seeds();
        std::size_t accepted = 0;
        for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
            CAPTURE(seed);
            Dice dice(seed);
            const auto definition = test::read_chart(test::random_chart(dice));
            const auto first = start(*definition, input_of("$start", dice));
            if (first) {  // a contract may be broken from the start
                CHECK(test::is_legal(*definition, first.value().after));
                accepted += walk(*definition, first.value().after, dice);
            }
        }
        CHECK(accepted > seeds.last - seeds.first);
    }
}
