#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/check.hpp"
#include "server/cli/commands.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {
namespace {

struct Outcome {
    int status = 0;
    std::string output;
    std::string complaint;
};

Outcome expand(const std::string& file) {
    const std::vector<const char*> arguments = {"sillage", "expand", file.c_str()};
    std::ostringstream output;
    std::ostringstream complaint;
    std::streambuf* const out = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const err = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
    return {status, output.str(), complaint.str()};
}

std::string written(const test::TemporaryFolder& folder, const std::string& text) {
    const std::string file = (folder.path() / "w.yaml").string();
    std::ofstream(file) << text;
    return file;
}

TEST_SUITE_BEGIN("cli/expand");

TEST_CASE("what is printed checks clean, also where the file was warned of") {
    const test::TemporaryFolder folder;
    const std::string file = written(folder,
                                     "workflow: t\nversion: 1\nroles: { sme: {} }\n"
                                     "states: { a: { on: { go: b }, onError: b }, b: }\n");

    const Outcome outcome = expand(file);

    CHECK(outcome.status == 0);
    CHECK(outcome.output.find("go: [{by: [sme], target: b}]") != std::string::npos);
    CHECK(outcome.complaint.find("[by-missing]") != std::string::npos);
    CHECK(check_file(written(folder, outcome.output)).empty());
}

TEST_CASE("a file that cannot be read, or has errors, ends with 1") {
    const test::TemporaryFolder folder;

    CHECK(expand((folder.path() / "missing.yaml").string()).status == 1);
    CHECK(expand(written(folder, "workflow: t\n")).status == 1);
}

TEST_CASE("what grows beyond the size of a workflow file is printed with a warning") {
    const test::TemporaryFolder folder;
    std::string text = "workflow: t\nversion: 1\nstates:\n  s0: { on: &on { go: { actions: &a [" +
                       std::string("{ log: '") + std::string(4'000, 'x') + "' }] } } }\n";
    for (int i = 1; i < 100; ++i) {
        text += "  s" + std::to_string(i) + ": { on: *on }\n";
    }

    const Outcome outcome = expand(written(folder, text));

    CHECK(outcome.status == 0);
    CHECK(outcome.complaint.find("a workflow file has at most 262144.") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage::server
