#include "engine/formats/detail/event_order.hpp"

#include <doctest/doctest.h>

namespace sillage {
namespace {

/// A state with one transition for each list of descriptors.
Definition with_events(const std::vector<std::vector<std::string>>& all) {
    Definition definition;
    definition.states.push_back({.type = StateType::compound, .children = {1}, .end = 2});
    definition.states.push_back({.id = "a", .name = "a", .end = 2});
    for (const auto& events : all) {
        definition.states[1].transitions.push_back(
            static_cast<TransitionIndex>(definition.transitions.size()));
        definition.transitions.push_back({.source = 1, .events = events});
    }
    return definition;
}

/// The transitions that an event tries, in order, each at its first place.
std::vector<TransitionIndex> tried(const std::vector<EventKey>& keys, const std::string& event) {
    std::vector<TransitionIndex> found;
    for (const EventKey& key : keys) {
        for (const TransitionIndex transition : key.transitions) {
            const bool is_new = std::ranges::find(found, transition) == found.end();
            if (is_new && event_matches(event, key.event)) {
                found.push_back(transition);
            }
        }
    }
    return found;
}

/// The transitions that the event tries, in file order.
std::vector<TransitionIndex> matching(const Definition& definition, std::string_view event) {
    std::vector<TransitionIndex> indexes;
    for (TransitionIndex index = 0; index < definition.transitions.size(); ++index) {
        const auto& descriptors = definition.transitions[index].events;
        if (std::ranges::any_of(descriptors, [&](const std::string& descriptor) {
                return event_matches(event, descriptor);
            })) {
            indexes.push_back(index);
        }
    }
    return indexes;
}

TEST_SUITE_BEGIN("formats/event_order");

TEST_CASE("transitions of one event stand under one key, in the order of the file") {
    const Definition definition = with_events({{"b"}, {"a"}, {"b"}});

    CHECK(event_keys(definition, 1).on ==
          std::vector<EventKey>{{.event = "b", .transitions = {0, 2}},
                                {.event = "a", .transitions = {1}}});
}

TEST_CASE("every event tries what it tried, however its transitions interleave") {
    const std::vector<std::vector<std::vector<std::string>>> charts = {
        {{"a"}, {"*"}, {"a"}},
        {{"*"}, {"a"}, {"*"}},
        {{"a.b"}, {"a"}, {"a.b"}, {"*"}, {"a"}},
        {{"a", "b"}, {"b", "*"}, {"a"}},
        {{"a.*"}, {"a"}, {"a.*"}},
        {{"done.state.x"}, {"done.state"}, {"done.state.x"}},
        {{"done.state.x"}, {"done.state.x.*"}, {"done.state.x"}, {"done.state.x.*"}}};
    for (const auto& events : charts) {
        const Definition definition = with_events(events);
        const auto keys = event_keys(definition, 1).on;
        for (const char* event :
             {"a", "a.b", "a.b.c", "b", "c", "done.state.x", "done.state.x.y", "done.state"}) {
            CAPTURE(event);
            CHECK(tried(keys, event) == matching(definition, event));
        }
    }
}

TEST_CASE("timers have their own mapping, before on where they stood first") {
    Definition definition = with_events({{"after.a.P1D"}, {"*"}});
    definition.states[1].after = {{.delay = CalendarDuration{.days = 1}, .event = "after.a.P1D"}};

    const EventKeys keys = event_keys(definition, 1);

    CHECK(keys.after_first);
    CHECK(keys.after == std::vector<EventKey>{{.event = "after.a.P1D", .transitions = {0}}});
    CHECK(keys.on == std::vector<EventKey>{{.event = "*", .transitions = {1}}});
}

TEST_CASE("timers come first where only that keeps the order") {
    Definition definition = with_events({{"a"}, {"after.a.P1D"}, {"*"}});
    definition.states[1].after = {{.delay = CalendarDuration{.days = 1}, .event = "after.a.P1D"}};

    const EventKeys keys = event_keys(definition, 1);

    CHECK(keys.after_first);
    CHECK(keys.on.size() == 2);
}

TEST_CASE("a timer that stands between others is listed with them as well") {
    Definition definition = with_events({{"*"}, {"after.a.P1D"}, {"*"}});
    definition.states[1].after = {{.delay = CalendarDuration{.days = 1}, .event = "after.a.P1D"}};

    const EventKeys keys = event_keys(definition, 1);

    CHECK_FALSE(keys.after_first);
    CHECK(tried(keys.on, "after.a.P1D") == std::vector<TransitionIndex>{0, 1, 2});
    CHECK(keys.after.front().transitions == std::vector<TransitionIndex>{1});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
