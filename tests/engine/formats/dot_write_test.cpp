#include <string>

#include "engine/formats/diagram.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

std::string dot_of(const std::string& states, const std::vector<std::string>& active = {}) {
    const auto definition =
        test::definition_of("workflow: t\nversion: 1\nroles: { sme: {} }\nstates:\n" + states);
    return to_dot(*definition, {.active = test::ok(find_states(*definition, active))});
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_SUITE_BEGIN("formats/dot_write");

TEST_CASE("titles cannot end a label or begin a tag") {
    const std::string dot = dot_of(
        "  a: { title: \"<b>\\\"x\\\" & ]>\", on: { go: { title: \"a\\nb <\", target: b } } }\n"
        "  b:\n");

    CHECK(says(dot, "s1 [label=<<B>&lt;b&gt;&quot;x&quot; &amp; ]&gt;</B><BR/>>]"));
    CHECK(says(dot, "s1 -> s2 [label=<a b &lt;<BR ALIGN=\"LEFT\"/>>]"));
}

TEST_CASE("states with states inside are clusters, regions dashed and side by side") {
    const std::string dot = dot_of(
        "  a: { type: parallel, states: { x: { states: { y: } }, z: }, on: { go: b } }\n"
        "  b: { states: { h: { type: history, history: deep }, c: { type: final } } }\n");

    CHECK(says(dot, "subgraph cluster_2 {\n"));
    CHECK(says(dot, "graph [style=\"dashed,filled\""));
    CHECK(says(dot, "{rank=same; i2; s4; }"));
    CHECK(says(dot, "i2 -> s3\n"));
    CHECK(says(dot, "i2 -> i5 [ltail=cluster_1, lhead=cluster_5, label=<go"));
    CHECK(says(dot, "s6 [shape=circle, width=0.3, fixedsize=true, label=\"H*\"]"));
    CHECK(says(dot, "</B><BR/>>, peripheries=2]"));
}

TEST_CASE("an arrow from a state into itself begins anywhere inside") {
    const std::string dot =
        dot_of("  a: { on: { go: .y }, states: { x: , y: { on: { up: a } } } }\n");

    CHECK(says(dot, "a1 -> s3 [label=<go"));
    CHECK(says(dot, "s3 -> i1 [label=<up"));
}

TEST_CASE("where an instance stands is marked, with what is around it") {
    const std::string dot = dot_of("  a: { states: { x: { on: { go: b } } } }\n  b:\n", {"a.x"});

    CHECK(says(dot, "color=\"#c46a00\", penwidth=2.5, fontsize=12"));
    CHECK(says(dot, "fillcolor=\"#ffd98a\""));
    CHECK(says(dot, "s2 -> s3 [color=\"#c46a00\", label=<go"));
    CHECK_FALSE(says(dot_of("  a:\n"), "#ffd98a"));
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
