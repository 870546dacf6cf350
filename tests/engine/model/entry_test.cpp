#include "engine/model/entry.hpp"

#include <doctest/doctest.h>

using namespace sillage;

namespace {

/// `a`, and the parallel `p` with the regions `p.q` (initial `p.q.r`, history `p.q.h`) and `p.s`.
/// Transitions of `a`: to `p`, to the history.
Definition parallel() {
    Definition definition;
    definition.states = {
        {.type = StateType::compound, .children = {1, 2}, .end = 7, .initial = {.targets = {1}}},
        {.id = "a", .end = 2, .transitions = {0, 1}},
        {.id = "p", .type = StateType::parallel, .children = {3, 6}, .end = 7},
        {.id = "p.q",
         .type = StateType::compound,
         .parent = 2,
         .children = {4, 5},
         .end = 6,
         .initial = {.targets = {4}}},
        {.id = "p.q.r", .parent = 3, .end = 5},
        {.id = "p.q.h",
         .type = StateType::history,
         .parent = 3,
         .end = 6,
         .initial = {.targets = {4}}},
        {.id = "p.s", .parent = 2, .end = 7}};
    definition.transitions = {{.source = 1, .events = {"go"}, .targets = {2}},
                              {.source = 1, .events = {"back"}, .targets = {5}}};
    return definition;
}

EntrySet entered_by(TransitionIndex transition, const Snapshot& snapshot = {}) {
    return compute_entry_set(parallel(), snapshot, std::span(&transition, 1));
}

}  // namespace

TEST_SUITE("model/entry") {
    TEST_CASE("a parallel state is entered with its regions, each by its default") {
        const EntrySet set = entered_by(0);

        CHECK(set.states == StateSet{2, 3, 4, 6});
        CHECK(set.default_entry == StateSet{3});
        CHECK_FALSE(set.asked_history);
    }

    TEST_CASE("a history state is asked, and stands for its default while nothing is stored") {
        const EntrySet fresh = entered_by(1);

        CHECK(fresh.asked_history);
        CHECK(fresh.states == StateSet{2, 3, 4, 6});
        CHECK(fresh.default_entry.empty());
        CHECK(fresh.history_content.contains(3U));
        CHECK(fresh.resumed.empty());
        CHECK(entered_by(1, {.history = {{5, {4}}}}).resumed == StateSet{2, 3, 4});
    }

    TEST_CASE("an instance starts where the root's initial leads") {
        CHECK(compute_initial_entry_set(parallel(), {}).states == StateSet{1});
    }
}
