#include <string>

#include "engine/formats/diagram.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

std::string mermaid_of(const std::string& states, const std::vector<std::string>& active = {}) {
    const auto definition = test::definition_of(
        "workflow: t\nversion: 1\ntitle: 'A \"b\": c'\nroles: { sme: {} }\nstates:\n" + states);
    return to_mermaid(*definition, {.active = test::ok(find_states(*definition, active))});
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST_SUITE_BEGIN("formats/mermaid_write");

TEST_CASE("titles cannot end a label, a line or a comment") {
    const std::string text = mermaid_of(
        "  a: { title: \"x\\\"; y: %% <b> #1\\nz\", on: { go: { title: \"[a]: b;\", target: b } } "
        "}\n"
        "  b:\n");

    CHECK(text.starts_with("---\ntitle: \"A \\\"b\\\": c · 1\"\n---\nstateDiagram-v2\n"));
    CHECK(says(text, "state \"x#34;#59; y#58; #37;#37; #60;b#62; #35;1 z\" as a\n"));
    CHECK(says(text, "    a --> b : #91;a#93;#58; b#59;\n"));
}

TEST_CASE("states nest, and regions of a parallel one are divided") {
    const std::string text = mermaid_of(
        "  a: { type: parallel, states: { x: { states: { y: } }, h: { type: history }, z: } }\n");

    CHECK(says(text,
               "    state \"a\" as a {\n"
               "        state \"x\" as a_x {\n"
               "            state \"y\" as a_x_y\n"
               "            [*] --> a_x_y\n"
               "        }\n"
               "        state \"H\" as a_h\n"
               "        --\n"
               "        state \"z\" as a_z\n"
               "    }\n"
               "    [*] --> a\n"));
}

TEST_CASE("names that Mermaid keeps for itself, or that fall together, are told apart") {
    const std::string text =
        mermaid_of("  end: { on: { go: a_b } }\n  a_b:\n  a: { states: { b: { type: final } } }\n");

    CHECK(says(text, "    end_ --> a_b : go\n"));
    CHECK(says(text, "state \"b\" as a_b_\n"));
    CHECK(says(text, "a_b_ --> [*]\n"));
}

TEST_CASE("an arrow from a state into itself begins at a state made for it") {
    const std::string text = mermaid_of("  a: { on: { go: .y }, states: { x: , y: } }\n", {"a.x"});

    CHECK(says(text, "        state \"from anywhere\" as a_any\n"));
    CHECK(says(text, "    a_any --> a_y : go\n"));
    CHECK(says(text, "    class a_x active\n"));
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
