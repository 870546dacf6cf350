// Every golden scenario once more, played by what a definition became when it was written in
// another way and read again: it must print the same lines.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/formats/scxml.hpp"
#include "engine/formats/scxml_write.hpp"
#include "engine/formats/workflow_write.hpp"
#include "tests/golden/scenario.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

namespace fs = std::filesystem;
using test::ok;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> scenarios() {
    std::vector<fs::path> files;
    for (const char* folder : {"tests/golden", "workflows"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(SILLAGE_SOURCE_DIR) / folder)) {
            const std::string name = entry.path().filename().string();
            const bool is_document = fs::exists(fs::path(entry.path()).replace_extension(".scxml"));
            if (name.ends_with(".txt") && name != "CMakeLists.txt" && !is_document) {
                files.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(files);
    return files;
}

std::string lines_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += "\n  " + line;
    }
    return text;
}

std::vector<Finding> errors_of(std::vector<Finding> findings) {
    std::erase_if(findings,
                  [](const Finding& finding) { return finding.severity != Severity::error; });
    return findings;
}

void play(const test::Scenario& scenario, std::shared_ptr<const Definition> definition,
          const fs::path& folder) {
    test::Stage stage(std::move(definition), test::workflows_in(folder));
    for (const test::Scene& scene : scenario.scenes) {
        CAPTURE(scene.command);
        CHECK(lines_of(ok(stage.perform(scene.command))) == lines_of(scene.expected));
    }
}

TEST_SUITE_BEGIN("golden/expanded");

TEST_CASE("an expanded file tells the story of its scenario, and expands to itself") {
    const auto files = scenarios();

    CHECK(files.size() >= 60);
    for (const fs::path& file : files) {
        CAPTURE(file.string());
        const test::Scenario scenario = ok(test::read_scenario(text_of(file)));
        const auto written = test::definition_of(text_of(file.parent_path() / scenario.workflow));

        const std::string expanded = to_workflow(*written).text;
        const auto read = test::definition_of(expanded);

        CHECK(to_workflow(*read).text == expanded);
        play(scenario, read, file.parent_path());
    }
}

TEST_CASE("a workflow keeps its story through SCXML and back to YAML") {
    for (const fs::path& file : scenarios()) {
        CAPTURE(file.string());
        const test::Scenario scenario = ok(test::read_scenario(text_of(file)));
        const auto written = test::definition_of(text_of(file.parent_path() / scenario.workflow));

        const ReadOutcome document = read_scxml(to_scxml(*written), "written.scxml");
        CHECK(test::words_of(errors_of(document.findings)).empty());
        if (!document.definition) {
            continue;
        }
        const WrittenWorkflow again = to_workflow(*document.definition);

        CHECK(again.losses.empty());
        play(scenario, document.definition, file.parent_path());
        play(scenario, test::definition_of(again.text), file.parent_path());
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
