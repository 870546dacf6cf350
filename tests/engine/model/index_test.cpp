#include "engine/model/index.hpp"

#include <doctest/doctest.h>

using namespace sillage;

namespace {

/// A root with the compound state `a`, which has `a.b` and a history, and transitions of each.
Definition nested() {
    Definition definition;
    definition.context = {{.name = "score"}, {.name = "seen"}};
    definition.states = {
        {.type = StateType::compound, .children = {1}, .end = 4, .transitions = {0}},
        {.id = "a", .name = "a", .type = StateType::compound, .children = {2, 3}, .end = 4},
        {.id = "a.b", .name = "b", .parent = 1, .end = 3, .deadline = Deadline{}},
        {.id = "a.h", .name = "h", .type = StateType::history, .parent = 1, .end = 4}};
    definition.transitions = {
        {.source = root_state, .events = {"*"}},          {.source = 1, .events = {"paper"}},
        {.source = 2, .events = {"paper.sent", "paper"}}, {.source = 2, .events = {"paper.*"}},
        {.source = 2, .trigger = Trigger::eventless},
    };
    return definition;
}

std::vector<TransitionIndex> candidates(const Definition& definition, std::string_view event) {
    const KnownEvent* known = definition.index->find_event(event);
    return known == nullptr ? std::vector<TransitionIndex>{99} : known->candidates;
}

}  // namespace

TEST_SUITE("model/index") {
    TEST_CASE("an event's candidates are those that match, of deeper states first") {
        Definition definition = nested();
        complete(definition);

        CHECK(candidates(definition, "paper") == std::vector<TransitionIndex>{2, 3, 1, 0});
        CHECK(candidates(definition, "paper.sent") == std::vector<TransitionIndex>{2, 3, 1, 0});
        CHECK(candidates(definition, "done.state.a") == std::vector<TransitionIndex>{0});
        CHECK(definition.index->find_event("pap") == nullptr);
        CHECK(definition.index->eventless.candidates == std::vector<TransitionIndex>{4});
    }

    TEST_CASE("an event with very many candidates is left to the walk") {
        Definition definition = nested();
        for (std::size_t i = 0; i < listed_candidates_max; ++i) {
            definition.transitions.push_back({.source = 3, .events = {"often"}});
        }
        complete(definition);
        // The root's `*` matches too, so these are one too many.
        CHECK(definition.index->find_event("often")->is_walked);
        CHECK(definition.index->find_event("often")->candidates.empty());
        CHECK_FALSE(definition.index->find_event("paper")->is_walked);
    }

    TEST_CASE("the names of the engine's own events are made once") {
        Definition definition = nested();
        complete(definition);
        const std::vector<StateNames>& names = definition.index->names;

        CHECK(names[1].done == "done.state.a");
        CHECK(names[2].expired == "deadline.expired.a.b");
        CHECK(names[2].approaching == "deadline.approaching.a.b");
        CHECK(names[1].expired.empty());
        CHECK(definition.index->histories[1] == std::vector<StateIndex>{3});
    }

    TEST_CASE("where a transition leads is computed once, unless a history state has a say in it") {
        Definition definition = nested();
        definition.states[1].initial.targets = {2};
        definition.transitions[0].targets = {1};
        definition.transitions[1].targets = {3};
        complete(definition);
        const std::vector<Route>& routes = definition.index->routes;

        CHECK(routes[0].is_fixed);
        CHECK(routes[0].domain == root_state);
        CHECK(routes[0].entries == std::vector<Route::Entry>{{1, true}, {2, false}});
        CHECK_FALSE(routes[1].is_fixed);
        CHECK(routes[2].is_fixed);
        CHECK_FALSE(routes[2].domain.has_value());
    }

    TEST_CASE("names of every length are found, and no others") {
        Definition definition = nested();
        std::string name;
        for (std::size_t length = 1; length <= 40; ++length) {
            name += static_cast<char>('a' + length % 7);
            definition.transitions.push_back({.source = 1, .events = {name}});
        }
        complete(definition);

        for (; !name.empty(); name.pop_back()) {
            CAPTURE(name);
            const KnownEvent* known = definition.index->find_event(name);
            REQUIRE(known != nullptr);
            CHECK(known->name == name);
            CHECK(known->is_event_name);
            CHECK(definition.index->find_event(name + "!") == nullptr);
        }
        CHECK(definition.index->find_event("") == nullptr);
    }

    TEST_CASE("states are found by id as before, and the index is no part of what is equal") {
        const Definition raw = nested();
        Definition definition = raw;
        complete(definition);

        for (const char* id : {"a", "a.b", "a.h", "", "b", "a.c", "a.b.c"}) {
            CAPTURE(id);
            CHECK(definition.find_state(id) == raw.find_state(id));
        }
        CHECK(definition == raw);
    }

    TEST_CASE("what an action sets is known by position and name, inside others too") {
        Definition definition = nested();
        const Assign assign{.items = {{.path = {"seen", "by"}}, {.path = {"gone"}}}};
        definition.transitions[1].actions = {{.node = IfAction{.then = {{.node = assign}}}}};
        complete(definition);

        const auto& choice = std::get<IfAction>(definition.transitions[1].actions[0].node);
        const auto& items = std::get<Assign>(choice.then[0].node).items;
        CHECK(items[0].field == 1);
        CHECK(items[0].name == "seen.by");
        CHECK(items[1].field == definition.context.size());
    }
}
