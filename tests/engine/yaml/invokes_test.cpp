#include "engine/yaml/detail/invokes.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow whose state `a` has those keys, from line 8 on.
std::string with_keys(std::string_view keys) {
    return "workflow: t\nversion: 1\nroles: { sme: }\n"
           "context: { markets: { type: array, items: { type: string } }, n: { type: integer } }\n"
           "states:\n  b: { states: { x: } }\n  a:\n" +
           std::string(keys) + "\n";
}

std::shared_ptr<const Definition> read(std::string_view keys) {
    return test::definition_of(with_keys(keys));
}

const State& state_a(const Definition& definition) { return definition.states[3]; }

TEST_SUITE_BEGIN("yaml/invokes");

TEST_CASE("a child is called as its state unless it has an id, and is of the latest version") {
    const auto definition = read("    invoke: { workflow: track }\n");

    const Invoke& invoke = state_a(*definition).invokes.at(0);
    CHECK(invoke.id == "a");
    CHECK(invoke.workflow == "track");
    CHECK(!invoke.version);
    CHECK(!invoke.each);
    CHECK(!invoke.forward);
    CHECK(invoke.place == Place{8, 13});
}

TEST_CASE("a state may have several children, each with an id of its own") {
    const auto definition = read(
        "    invoke:\n      - { workflow: track, id: first, version: 2, forward: true }\n"
        "      - { workflow: track.two, id: second.half }\n");

    const auto& invokes = state_a(*definition).invokes;
    REQUIRE(invokes.size() == 2);
    CHECK(invokes[0].version == 2);
    CHECK(invokes[0].forward);
    CHECK(invokes[1].id == "second.half");
    CHECK(invokes[1].workflow == "track.two");
}

TEST_CASE("each calls its element item and index unless they have other names") {
    struct Row {
        std::string each;
        std::string as;
        std::string index;
    };
    const Row rows[] = {{"markets", "item", "index"},
                        {"\"${markets}\"", "item", "index"},
                        {"{ in: markets, as: market }", "market", "index"},
                        {"{ in: markets, as: market, index: k }", "market", "k"}};
    for (const Row& row : rows) {
        CAPTURE(row.each);
        const auto definition =
            read("    invoke: { workflow: w, each: " + row.each + ", input: { m: \"${" + row.as +
                 " + string(" + row.index + ")}\", n: 1 } }\n");

        const Invoke& invoke = state_a(*definition).invokes.at(0);
        REQUIRE(invoke.each);
        CHECK(invoke.each->in.text == "markets");
        CHECK(invoke.each->as == row.as);
        CHECK(invoke.each->index == row.index);
        CHECK(invoke.each->as_slot + 1 == invoke.each->index_slot);
        CHECK(invoke.each->index_slot + 1 == definition->slot_count);
        CHECK(std::get<ValueTemplate::Members>(invoke.input.node).size() == 2);
    }
}

TEST_CASE("onDone and onError inside invoke are the state's transitions on the child's events") {
    const auto definition = read(
        "    invoke:\n      workflow: w\n      id: c\n      onDone: b\n"
        "      onError: [{ guard: n == 1, target: b }, a]\n    on: { done.invoke.c: b }\n");

    const auto& transitions = definition->transitions;
    REQUIRE(transitions.size() == 4);
    CHECK(transitions[0].events == Lines{"done.invoke.c"});
    CHECK(transitions[1].events == Lines{"error.communication.c", "error.execution.c"});
    CHECK(transitions[1].guard.size() == 1);
    CHECK(transitions[2].events == transitions[1].events);
    CHECK(transitions[3].events == transitions[0].events);
    CHECK(state_a(*definition).transitions.size() == 4);
}

TEST_CASE("onDone of a state means its only child, unless states inside could be done") {
    const auto atomic = read("    invoke: { workflow: w, id: c }\n    onDone: b\n");
    const auto compound =
        read("    invoke: { workflow: w }\n    onDone: b\n    states: { e: { type: final } }\n");

    CHECK(atomic->transitions.at(0).events == Lines{"done.invoke.c"});
    CHECK(compound->transitions.at(0).events == Lines{"done.state.a"});
    CHECK(test::findings_of(with_keys("    onDone: b\n    invoke:\n      - { workflow: w, id: c }\n"
                                      "      - { workflow: w, id: d }\n")) ==
          Lines{"8:13 ?never-done"});
}

TEST_CASE("a literal recipient is parent, a child or one of its elements") {
    const auto findings = test::findings_of(with_keys(
        "    invoke: { workflow: w, id: c, each: markets }\n    entry:\n"
        "      - send: { event: e, to: parent }\n      - send: { event: e, to: c }\n"
        "      - send: { event: e, to: c.1 }\n      - send: { event: e, to: \"${markets[0]}\" }\n"
        "      - send: { event: e, to: d }\n      - send: { event: e, to: c.x }\n"));

    CHECK(findings == Lines{"14:31 ?unknown-recipient", "15:31 ?unknown-recipient"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
