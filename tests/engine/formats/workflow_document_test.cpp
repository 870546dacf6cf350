#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/formats/scxml_write.hpp"
#include "engine/formats/workflow_tree.hpp"
#include "engine/yaml/write.hpp"
#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

std::string workflow_of(std::string_view inside, std::string_view initial = "a") {
    return test::scxml_of(inside,
                          R"(xmlns:sillage="https://sillage.dev/scxml" sillage:version="3" )"
                          R"(name="w" initial=")" +
                              std::string(initial) + "\"");
}

/// Every workflow that is played. What the writers' own samples hold comes back in other words: a
/// mapping of values as one expression.
std::vector<std::filesystem::path> workflow_files() {
    std::vector<std::filesystem::path> paths;
    for (const char* folder : {"workflows", "tests/golden"}) {
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(SILLAGE_SOURCE_DIR) / folder)) {
            if (entry.path().extension() == ".yaml") {
                paths.push_back(entry.path());
            }
        }
    }
    return paths;
}

TEST_SUITE_BEGIN("formats/workflow_document");

TEST_CASE("every workflow comes back from SCXML as it was, all sugar written out") {
    const auto paths = workflow_files();
    CHECK(paths.size() >= 60);
    for (const auto& path : paths) {
        CAPTURE(path.string());
        std::ifstream file(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto definition = test::definition_of(text);

        const auto again = test::scxml_definition(to_scxml(*definition));

        CHECK(to_yaml_text(workflow_tree(*again)) == to_yaml_text(workflow_tree(*definition)));
    }
}

TEST_CASE("a document with a version of ours is a workflow again") {
    const auto definition = test::scxml_definition(workflow_of(
        "<sillage:roles>{\"sme\":{\"rights\":\"company\"}}</sillage:roles>\n"
        "<datamodel><data id=\"score\" expr=\"0\"><sillage:field>{\"type\":\"integer\",\"default\":"
        "0}</sillage:field></data></datamodel>\n"
        "<state id=\"a\"><sillage:title>{\"en\":\"A\"}</sillage:title>\n"
        "<sillage:after>[\"P14D\"]</sillage:after>\n"
        "<transition event=\"go\" cond=\"score &gt; 1\" target=\"b.c\"><sillage:by>[\"sme\"]"
        "</sillage:by><assign location=\"score\" expr=\"score + 1\"/></transition>\n"
        "<transition event=\"after.a.P14D\" target=\"a\"/></state>\n"
        "<state id=\"b\" initial=\"b.c\"><final id=\"b.c\"/></state>"));

    CHECK(definition->dialect == Dialect::workflow);
    CHECK(definition->version == 3);
    CHECK(definition->roles.front().rights == "company");
    CHECK(definition->context.front().schema.type == SchemaType::integer);
    REQUIRE(definition->transitions.size() == 2);
    CHECK(definition->transitions[0].by == Lines{"sme"});
    CHECK(definition->transitions[0].targets == std::vector<StateIndex>{3});
    CHECK(definition->transitions[0].guard.front().check.text == "score > 1");
    CHECK(definition->state(1).after.front().event == "after.a.P14D");
}

TEST_CASE("a workflow's document is read as strictly as its file") {
    const auto findings = test::scxml_findings(workflow_of(
        "<state id=\"a\"><transition event=\"go\" cond=\"nobody\" target=\"nowhere\"/></state>\n"
        "<state id=\"b.c\"/>"));

    CHECK(findings == Lines{"3:12 name"});
    CHECK(test::scxml_findings(workflow_of("<state id=\"a\"><transition event=\"go\" "
                                           "cond=\"nobody\" target=\"nowhere\"/></state>")) ==
          Lines{"2:16 ?by-missing", "2:44 unknown-name", "2:60 unknown-target"});
}

TEST_CASE("a root with transitions of its own stands in a wrapper") {
    const auto definition = test::scxml_definition(
        workflow_of("<parallel id=\"_workflow\" sillage:root=\"true\"><transition event=\"stop\"/>"
                    "<state id=\"a\"/><state id=\"b\"/></parallel>",
                    "_workflow"));

    CHECK(definition->state(0).type == StateType::parallel);
    CHECK(definition->states.size() == 3);
    CHECK(definition->transitions.front().source == root_state);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
