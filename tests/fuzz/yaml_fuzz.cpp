// A workflow file: whatever the text, reading ends, a definition has no errors, a refusal has one,
// and every finding stands somewhere in the file.
#include "engine/yaml/read.hpp"

#include "tests/fuzz/reading.hpp"

namespace sillage::test {
namespace {

void read_yaml(std::string_view input) {
    check_reading(input, read_definition(input, "fuzz.yaml"), read_definition(input, "fuzz.yaml"));
}

/// Nine levels of lists, each naming the one below nine times.
std::string billion_laughs() {
    std::string bomb = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int level = 1; level < 9; ++level) {
        const std::string below = "*a" + std::to_string(level - 1);
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below +
                repeated(", " + below, 8) + "]\n";
    }
    return bomb;
}

/// Anchors that each merge the one before them twice.
std::string merge_bomb() {
    std::string bomb = "m0: &m0 {k: 1}\n";
    for (int level = 1; level < 64; ++level) {
        const std::string below = "*m" + std::to_string(level - 1);
        bomb += "m" + std::to_string(level) + ": &m" + std::to_string(level) + " {<<: [" + below +
                ", " + below + "]}\n";
    }
    return bomb;
}

std::string deep_states(std::size_t depth) {
    std::string text = "workflow: deep\nversion: 1\n";
    for (std::size_t level = 0; level < depth; ++level) {
        text += repeated("  ", 2 * level) + "states:\n" + repeated("  ", 2 * level + 1) + "s:\n";
    }
    return text;
}

}  // namespace

FuzzTarget fuzz_target() {
    constexpr std::size_t deep = 10'000;
    return {.run = read_yaml,
            .words = {"states:\n",
                      "on:\n",
                      "after:\n",
                      "always:\n",
                      "type: parallel\n",
                      "initial: ",
                      "guard: ",
                      "target: ",
                      "context:\n",
                      "form:\n",
                      "&a ",
                      "*a",
                      "<<: *a\n",
                      "!!int ",
                      "? ",
                      "- ",
                      "  ",
                      "\n",
                      "|\n",
                      ">-\n",
                      "\"",
                      "'",
                      "${",
                      "{",
                      "}",
                      "[",
                      "]",
                      "#",
                      "---\n",
                      "...\n",
                      "\xEF\xBB\xBF",
                      "\xC3\x28",
                      "\t",
                      "P1D",
                      "history: deep\n"},
            .bombs = {billion_laughs(), merge_bomb(), deep_states(200), "&x [*x]",
                      repeated("[", deep), repeated("{a: ", deep), repeated("- ", deep),
                      repeated("a: &a\n", deep), repeated("k: 1\n", deep),
                      "guard: " + repeated("(", deep), repeated("x", 300 * 1024)}};
}

}  // namespace sillage::test
