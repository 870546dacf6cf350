#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {
namespace {

constexpr auto workflow = R"(workflow: door
version: 1
title: { en: Door, fr: Porte }
roles: { guest: {} }
states:
  shut: { title: { en: Shut, fr: Fermée }, on: { open: { by: guest, target: open } } }
  open: { type: final }
)";

struct Outcome {
    int status = 0;
    std::string output;
    std::string complaint;
};

/// What `sillage convert` prints about a file with this text.
Outcome convert(const std::vector<std::string>& words, const std::string& text = workflow) {
    const test::TemporaryFolder folder;
    const std::string file = (folder.path() / "door.yaml").string();
    std::ofstream(file) << text;
    std::vector<std::string> all{"sillage", "convert", file};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<const char*> arguments;
    for (const std::string& word : all) {
        arguments.push_back(word.c_str());
    }
    std::ostringstream output;
    std::ostringstream complaint;
    std::streambuf* const out = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const err = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
    return {status, output.str(), complaint.str()};
}

TEST_SUITE_BEGIN("cli/convert");

TEST_CASE("each format begins as it should") {
    CHECK(convert({"--to", "yaml"}).output.starts_with("workflow: door\nversion: 1\n"));
    CHECK(convert({"--to", "scxml"}).output.starts_with("<?xml version=\"1.0\""));
    CHECK(convert({"--to", "mermaid"}).output.starts_with("---\ntitle: \"Door · 1\"\n---\nstate"));
    CHECK(convert({"--to", "dot"}).output.starts_with("digraph workflow {"));
    CHECK(convert({"--to", "svg"}).output.find("<svg ") != std::string::npos);
}

TEST_CASE("titles stand in the nearest language") {
    const Outcome outcome = convert({"--to", "mermaid", "--lang", "fr-BE"});

    CHECK(outcome.status == 0);
    CHECK(outcome.output.find("state \"Fermée\" as shut") != std::string::npos);
}

TEST_CASE("where an instance stands is marked") {
    const Outcome outcome = convert({"--to", "mermaid", "--active", "shut,open"});

    CHECK(outcome.output.find("class shut, open active") != std::string::npos);
}

TEST_CASE("an unknown state or format is a mistake of usage that names the nearest") {
    const Outcome state = convert({"--to", "dot", "--active", "shutt"});
    CHECK(state.status == 2);
    CHECK(state.output.empty());
    CHECK(state.complaint == "There is no state \"shutt\"; did you mean \"shut\"?\n");

    const Outcome format = convert({"--to", "sxcml"});
    CHECK(format.status == 2);
    CHECK(format.complaint == "There is no format \"sxcml\"; did you mean \"scxml\"?\n");
    CHECK(convert({"--to", "pdf"}).complaint ==
          "There is no format \"pdf\"; there are yaml, scxml, mermaid, dot and svg.\n");
    CHECK(convert({}).status == 2);
}

TEST_CASE("a file with errors ends with 1 and its findings") {
    const Outcome outcome = convert({"--to", "dot"}, "workflow: t\nversion: 0\nstates: { a: }\n");

    CHECK(outcome.status == 1);
    CHECK(outcome.output.empty());
    CHECK(outcome.complaint.find(":2:10: error: ") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage::server
