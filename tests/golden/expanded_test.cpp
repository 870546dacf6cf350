// Every golden scenario once more, played by what a definition became when it was written in
// another way and read again: it must print the same lines.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/formats/workflow_tree.hpp"
#include "engine/yaml/write.hpp"
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
            if (name.ends_with(".txt") && name != "CMakeLists.txt") {
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

        const std::string expanded = to_yaml_text(workflow_tree(*written));
        const auto read = test::definition_of(expanded);

        CHECK(to_yaml_text(workflow_tree(*read)) == expanded);
        play(scenario, read, file.parent_path());
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
