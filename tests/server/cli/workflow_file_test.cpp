#include "server/cli/workflow_file.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace sillage::server {
namespace {

TEST_SUITE_BEGIN("cli/workflow_file");

TEST_CASE("a workflow is read from disk") {
    const test::TemporaryFolder folder;
    const std::string path = (folder.path() / "w.yaml").string();
    std::ofstream(path) << "workflow: t\nversion: 1\nstates: { a: }\n";

    CHECK(read_workflow_file(path).definition->name == "t");
}

TEST_CASE("what cannot be read, or is larger than any workflow, has a finding") {
    const test::TemporaryFolder folder;
    const std::string path = (folder.path() / "large.yaml").string();
    std::ofstream(path) << std::string(definition_bytes_max + 10, '#');

    CHECK(read_workflow_file(folder.path().string()).findings.front().code == "unreadable");
    CHECK(read_workflow_file(path).definition == nullptr);
    CHECK(has_errors(read_workflow_file(path).findings));
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage::server
