#include "engine/yaml/read.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/base/hash.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The blocks of a Markdown text whose info string is exactly `yaml`: whole workflows.
std::vector<std::string> whole_workflows(const std::string& markdown) {
    std::vector<std::string> blocks;
    const std::string open = "\n```yaml\n";
    for (std::size_t at = markdown.find(open); at != std::string::npos;
         at = markdown.find(open, at)) {
        at += open.size();
        const std::size_t end = markdown.find("\n```", at);
        blocks.push_back(markdown.substr(at, end + 1 - at));
    }
    return blocks;
}

TEST_SUITE_BEGIN("yaml/read");

TEST_CASE("a definition carries its text and the hash of its bytes") {
    const std::string text = "workflow: t\nversion: 1\nstates: { a: }\n";

    const auto definition = test::definition_of(text);

    CHECK(definition->source == text);
    CHECK(definition->hash == "sha256:" + sha256_hex(text));
    CHECK(definition->slot_count >= 5);
}

TEST_CASE("the same tree as JSON gives the same definition") {
    const auto yaml = test::definition_of(
        "workflow: t\nversion: 1\ncontext: { n: { type: integer, default: 1 } }\n"
        "states: { a: { always: { guard: n > 1, target: b } }, b: { type: final } }\n");
    const auto json = test::definition_of(
        R"({"workflow":"t","version":1,"context":{"n":{"type":"integer","default":1}},)"
        R"("states":{"a":{"always":{"guard":"n > 1","target":"b"}},"b":{"type":"final"}}})");

    REQUIRE(yaml->states.size() == json->states.size());
    CHECK(yaml->transitions[0].guard == json->transitions[0].guard);
    CHECK(yaml->transitions[0].targets == json->transitions[0].targets);
    CHECK(yaml->context[0].schema == json->context[0].schema);
}

TEST_CASE("all findings of a file come together, in order of place") {
    CHECK(test::findings_of(
              "workflow: 1\nversion: x\ntitel: y\nstates: { a: { on: { go: b } } }\n") ==
          Lines{"1:11 wrong-type", "2:10 wrong-type", "3:1 unknown-key", "4:22 ?by-missing",
                "4:26 unknown-target"});
}

TEST_CASE("a file of errors alone keeps a thousand of them, and is still refused") {
    std::string text = "workflow: t\nversion: 1\nstates:\n  a: { always: [";
    for (int i = 0; i < 3'000; ++i) {
        text += "nowhere" + std::to_string(i) + ", ";
    }

    const ReadOutcome outcome = read_definition(text + "] }\n", "test.yaml");

    CHECK(outcome.findings.size() == 1'000);
    CHECK(outcome.definition == nullptr);
}

TEST_CASE("warnings do not keep a file from being read") {
    const ReadOutcome outcome =
        read_definition("workflow: t\nversion: 1\nmeta: True\nstates: { a: }\n", "test.yaml");

    CHECK(outcome.definition != nullptr);
    CHECK(test::places_and_codes(outcome.findings) == Lines{"3:7 ?text-not-value"});
}

TEST_CASE("a mapping that is shared by aliases is read in each place") {
    const auto definition = test::definition_of(
        "workflow: t\nversion: 1\nroles: { sme: }\nstates:\n"
        "  a: &both { on: { go: { by: sme, target: .x } }, states: { x: } }\n  b: *both\n");

    CHECK(definition->state(definition->transitions.at(0).targets.at(0)).id == "a.x");
    CHECK(definition->state(definition->transitions.at(1).targets.at(0)).id == "b.x");
}

TEST_CASE("a state is told apart from a target of its own name in another place") {
    CHECK(test::findings_of(
              "workflow: t\nversion: 1\nstates: { a: { always: [ a, { target: } ] } }\n") ==
          Lines{"3:31 wrong-type"});
}

TEST_CASE("the workflows that ship are clean") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(SILLAGE_SOURCE_DIR "/workflows")) {
        if (entry.path().extension() == ".yaml") {
            ++count;
            const auto findings =
                read_definition(text_of(entry.path()), entry.path().filename().string()).findings;
            CHECK(test::words_of(findings) == "");
        }
    }
    CHECK(count > 0);
}

TEST_CASE("the whole examples of the authors' reference are clean") {
    const auto examples = whole_workflows(text_of(SILLAGE_SOURCE_DIR "/workflows/README.md"));

    CHECK(examples.size() >= 3);
    for (const std::string& example : examples) {
        CAPTURE(example);
        CHECK(test::words_of(read_definition(example, "README.md").findings) == "");
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
