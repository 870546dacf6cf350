// The order in which a file's mappings and an event's data are written changes nothing.
#include <algorithm>
#include <set>

#include "engine/interpreter/step.hpp"
#include "engine/model/context.hpp"
#include "tests/property/random_chart.hpp"
#include "tests/property/random_input.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using boost::json::object;
using test::Dice;

namespace {

/// Events a chart is sent. Chosen: most charts have shown all their states by then.
constexpr int event_count = 12;

object shuffled(const object& original, Dice& dice);

boost::json::value shuffled(const boost::json::value& original, Dice& dice) {
    if (const auto* members = original.if_object()) {
        return shuffled(*members, dice);
    }
    if (const auto* elements = original.if_array()) {
        boost::json::array copy;
        for (const boost::json::value& element : *elements) {
            copy.push_back(shuffled(element, dice));
        }
        return copy;
    }
    return original;
}

/// Order means something among states, and where one event may match two keys of `on`.
bool is_ordered(std::string_view key, const boost::json::value& value) {
    return key == "states" || (key == "on" && value.as_object().contains("*"));
}

object with_members_shuffled(const object& original, bool keep_order, Dice& dice) {
    std::vector<std::size_t> order(original.size());
    std::ranges::generate(order, [next = std::size_t{0}]() mutable { return next++; });
    for (std::size_t i = order.size(); i > 1 && !keep_order; --i) {
        std::swap(order[i - 1], order[dice.roll(i)]);
    }
    object copy;
    for (const std::size_t index : order) {
        const auto& [key, value] = original.begin()[index];
        copy.emplace(key, is_ordered(key, value)
                              ? with_members_shuffled(value.as_object(), true, dice)
                              : shuffled(value, dice));
    }
    return copy;
}

object shuffled(const object& original, Dice& dice) {
    return with_members_shuffled(original, false, dice);
}

/// What a step did, in words that do not depend on any order of keys.
struct Outcome {
    bool accepted = false;
    /// Source and event of each transition taken.
    std::vector<std::pair<std::string, std::string>> taken = {};
    std::vector<std::string> active = {};
    object context = {};
    std::size_t effect_count = 0;
    std::multiset<std::string> timers = {};

    bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(const Definition& definition, const Result<Step>& result) {
    if (!result) {
        return {};
    }
    const Step& step = result.value();
    Outcome outcome{.accepted = true,
                    .context = context_object(definition, step.after),
                    .effect_count = step.effects.size()};
    for (const TraceItem& item : step.trace) {
        if (const auto* taken = std::get_if<TakenTransition>(&item)) {
            const Transition& transition = definition.transitions[taken->transition];
            outcome.taken.emplace_back(definition.state(transition.source).id, taken->event);
        }
    }
    for (const StateIndex state : step.after.configuration) {
        outcome.active.push_back(definition.state(state).id);
    }
    for (const Timer& timer : step.after.timers) {
        outcome.timers.insert(std::string(timer.event.view()) + to_string(timer.due));
    }
    return outcome;
}

Input input_of(const std::string& event, boost::json::value data, Actor actor) {
    return Input{.event = {.name = event, .data = std::move(data)},
                 .actor = std::move(actor),
                 .now = Instant{1'800'000'000'000}};
}

/// Sends the same events to both definitions. Gives how many were accepted.
std::size_t compare(const Definition& first, const Definition& second, Dice& dice) {
    const auto begin = input_of("$start", nullptr, test::random_actor(dice));
    auto one = start(first, begin);
    auto other = start(second, begin);
    std::size_t accepted = 0;
    const auto names = test::random_event_names();
    for (int i = 0; i < event_count && one && other; ++i) {
        const std::string event = names[dice.roll(names.size())];
        CAPTURE(event);
        const boost::json::value data = test::random_data(dice);
        const Actor actor = test::random_actor(dice);
        auto next = step(first, one.value().after, input_of(event, data, actor));
        auto twin = step(second, other.value().after, input_of(event, shuffled(data, dice), actor));
        CHECK(outcome_of(first, next) == outcome_of(second, twin));
        if (next && twin) {
            one = std::move(next);
            other = std::move(twin);
            ++accepted;
        }
    }
    CHECK(outcome_of(first, one) == outcome_of(second, other));
    return accepted;
}

}  // namespace

TEST_SUITE("property/key_order") {
    TEST_CASE("the order of context fields and of other mappings changes nothing") {
        const test::Seeds seeds = test::property_seeds();
        std::size_t accepted = 0;
        for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
            CAPTURE(seed);
            Dice dice(seed);
            const object chart = test::random_chart(dice);
            const auto first = test::read_chart(chart);
            const auto second = test::read_chart(shuffled(chart, dice));
            accepted += compare(*first, *second, dice);
        }
        CHECK(accepted > seeds.last - seeds.first);
    }
}
