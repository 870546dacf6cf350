#include "engine/runtime/read_workflow.hpp"

#include <doctest/doctest.h>

namespace sillage {
namespace {

constexpr std::string_view document =
    R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0"><final id="f"/></scxml>)";

TEST_SUITE_BEGIN("runtime/read_workflow");

TEST_CASE("a text that begins as XML, or a file that is called so, is read as SCXML") {
    const std::string with_mark = "\xEF\xBB\xBF \n" + std::string(document);

    CHECK(read_workflow(document, "a.txt").definition->dialect == Dialect::scxml);
    CHECK(read_workflow(with_mark, "a").definition->dialect == Dialect::scxml);
    CHECK(read_workflow("workflow: w", "a.scxml").findings.front().code == "syntax");
}

TEST_CASE("everything else is read as YAML or JSON") {
    const auto outcome =
        read_workflow(R"({"workflow": "w", "version": 1, "states": {"a": null}})", "a.json");

    REQUIRE(outcome.definition);
    CHECK(outcome.definition->dialect == Dialect::workflow);
}

TEST_CASE("a document without a name is called as its file, also when it was published") {
    CHECK(read_workflow(document, "flows/tea.scxml").definition->name == "tea");
    CHECK(read_workflow(document, "tea@1").definition->name == "tea");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
