#include "engine/yaml/detail/targets.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A chart in which the state `p.a` goes to that target; the target begins in 8:20.
std::string going_to(std::string_view target) {
    return "workflow: t\nversion: 1\nstates:\n"
           "  p:\n    states:\n"
           "      a:\n        always:\n          - target: " +
           std::string(target) +
           "\n        states: { k: , l: }\n"
           "      b: { id: home }\n"
           "      x:\n"
           "  b: { states: { x: , only: } }\n"
           "  q: { type: parallel, states: { r: { states: { r1: , r2: } }, s: { states: { s1: } } "
           "} }\n";
}

std::string target_of(std::string_view target) {
    const auto definition = test::definition_of(going_to(target));
    std::string ids;
    for (const StateIndex state : definition->transitions.at(0).targets) {
        ids += (ids.empty() ? "" : " ") + definition->state(state).id;
    }
    return ids;
}

TEST_SUITE_BEGIN("yaml/targets");

TEST_CASE("a target is a child, an id, a sibling, a path or a unique name, in this order") {
    CHECK(target_of(".k") == "p.a.k");
    CHECK(target_of("\"#home\"") == "p.b");
    CHECK(target_of("b") == "p.b");
    CHECK(target_of("a") == "p.a");
    CHECK(target_of("q.r.r2") == "q.r.r2");
    CHECK(target_of("q") == "q");
    CHECK(target_of("only") == "b.only");
    CHECK(target_of("l") == "p.a.l");
}

TEST_CASE("an unknown or ambiguous target lists the candidates") {
    const auto words = [](std::string_view target) {
        return test::words_of(read_definition(going_to(target), "f").findings);
    };

    CHECK(words("onlyy") ==
          "f:8:21: error: no state \"onlyy\"; did you mean \"b.only\"? candidates: b.only, p.a, "
          "p.b, p.x [unknown-target]\n");
    CHECK(words("nowhere") ==
          "f:8:21: error: no state \"nowhere\"; candidates: p.a, p.b, p.x [unknown-target]\n");
    CHECK(words("\"#hom\"") ==
          "f:8:21: error: no state has the id \"hom\"; did you mean \"home\"? "
          "[unknown-target]\n");
    CHECK(words(".m").find("[unknown-target]") != std::string::npos);
}

TEST_CASE("a name that several states have is ambiguous unless one is nearer") {
    const std::string text =
        "workflow: t\nversion: 1\nstates:\n  a: { states: { x: } }\n  b: { states: { x: } }\n"
        "  c: { always: x }\n";

    CHECK(test::words_of(read_definition(text, "f").findings) ==
          "f:6:16: error: \"x\" may be a.x, b.x; write the whole path [ambiguous-target]\n");
}

TEST_CASE("several targets must be able to be active together") {
    CHECK(target_of("[q.r.r2, q.s.s1]") == "q.r.r2 q.s.s1");
    CHECK(target_of("[q, q.s.s1]") == "q q.s.s1");
    CHECK(test::findings_of(going_to("[q.r.r1, q.r.r2]")) == Lines{"8:30 targets-apart"});
    CHECK(test::findings_of(going_to("[b, q]")) == Lines{"8:25 targets-apart"});
    CHECK(test::findings_of(going_to("[q, q]")) == Lines{"8:25 duplicate-target"});
    CHECK(test::findings_of(going_to("[]")) == Lines{"8:21 empty-list"});
}

TEST_CASE("a target is a text") {
    CHECK(test::findings_of(going_to("12")) == Lines{"8:21 wrong-type"});
    CHECK(test::findings_of(going_to("{ a: b }")) == Lines{"8:21 wrong-type"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
