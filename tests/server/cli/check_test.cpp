#include "server/cli/check.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {
namespace {

struct Outcome {
    int status = 0;
    std::string output;
};

Outcome outcome_of(const std::vector<std::string>& words) {
    std::vector<const char*> arguments = {"sillage", "check"};
    for (const std::string& word : words) {
        arguments.push_back(word.c_str());
    }
    std::ostringstream output;
    std::ostringstream complaint;
    std::streambuf* const out = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const err = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
    return {status, output.str()};
}

/// A folder with one clean file, one with a warning, one with an error.
class Files {
  public:
    Files() {
        write("clean.yaml", "workflow: t\nversion: 1\nstates: { a: }\n");
        write("warned.yaml", "workflow: t\nversion: 1\nmeta: True\nstates: { a: }\n");
        write("parent.yaml",
              "workflow: p\nversion: 1\nstates: { a: { invoke: [{ workflow: t, id: one },"
              " { workflow: clean, id: two }, { workflow: elsewhere, id: three },"
              " { workflow: t, id: four, version: 7 }] } }\n");
        write("broken.yaml", "workflow: t\nversion: 0\nstates: { a: }\n");
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_.path() / name).string();
    }

  private:
    void write(const std::string& name, const std::string& text) {
        std::ofstream(path(name)) << text;
    }

    test::TemporaryFolder folder_;
};

TEST_SUITE_BEGIN("cli/check");

TEST_CASE("a clean file says nothing and ends with 0") {
    const Files files;

    const Outcome outcome = outcome_of({files.path("clean.yaml")});

    CHECK(outcome.status == 0);
    CHECK(outcome.output.empty());
}

TEST_CASE("warnings are printed and end with 0") {
    const Files files;

    const Outcome outcome = outcome_of({files.path("warned.yaml")});

    CHECK(outcome.status == 0);
    CHECK(outcome.output.starts_with(files.path("warned.yaml") + ":3:7: warning: "));
}

TEST_CASE("one file with errors among several ends with 1, and each is checked") {
    const Files files;

    const Outcome outcome = outcome_of(
        {files.path("broken.yaml"), files.path("warned.yaml"), files.path("clean.yaml")});

    CHECK(outcome.status == 1);
    CHECK(outcome.output.find("broken.yaml:2:10: error: ") != std::string::npos);
    CHECK(outcome.output.find("warned.yaml:3:7: warning: ") != std::string::npos);
}

TEST_CASE("a file that cannot be read is an error of its own") {
    const Files files;

    CHECK(outcome_of({files.path("missing.yaml")}).output ==
          files.path("missing.yaml") +
              ":1:1: error: this file cannot be opened or read [unreadable]\n");
    CHECK(outcome_of({files.path("missing.yaml")}).status == 1);
    CHECK(outcome_of({files.path("")}).status == 1);
}

TEST_CASE("--json gives one array, empty for clean files") {
    const Files files;

    CHECK(outcome_of({"--json", files.path("clean.yaml")}).output == "[]\n");
    CHECK(outcome_of({files.path("broken.yaml"), "--json"}).output ==
          R"([{"file":")" + files.path("broken.yaml") +
              R"(","line":2,"column":10,"severity":"error","code":"range","message":)"
              R"("version is an integer of at least 1; this is the number 0"}])" +
              "\n");
}

TEST_CASE(
    "a workflow that is invoked must be given, or lie beside, by its file's name or its own") {
    const Files files;

    const Outcome outcome = outcome_of({files.path("parent.yaml")});

    CHECK(outcome.status == 0);
    CHECK(outcome.output.find("[unknown-workflow]") != std::string::npos);
    CHECK(outcome.output.find("the workflow \"elsewhere\" is neither") != std::string::npos);
    CHECK(outcome.output.find("version 7 of the workflow \"t\"") != std::string::npos);
    CHECK(std::ranges::count(outcome.output, '\n') == 2);
}

TEST_CASE("a witness is told when there is one") {
    CHECK(findings_json({{.file = "f",
                          .place = {1, 2},
                          .severity = Severity::warning,
                          .code = "c",
                          .message = "m",
                          .witness = "go, back"}}) ==
          R"([{"file":"f","line":1,"column":2,"severity":"warning","code":"c","message":"m",)"
          R"("witness":"go, back"}])");
}

TEST_CASE("no file at all is a mistake of usage") { CHECK(outcome_of({}).status == 2); }

TEST_SUITE_END();

}  // namespace
}  // namespace sillage::server
