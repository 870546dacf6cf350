#include "tests/golden/scenario.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/model/finding.hpp"
#include "engine/runtime/read_workflow.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file.good(), path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_in(const fs::path& folder, std::string_view end) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(end) && name != "CMakeLists.txt") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::shared_ptr<const Definition> definition_at(const fs::path& path) {
    const ReadOutcome outcome = read_workflow(read_file(path), path.string());
    for (const Finding& finding : outcome.findings) {
        if (finding.severity == Severity::error) {
            FAIL_CHECK(to_string(finding));
        }
    }
    return outcome.definition;
}

std::string lines_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += "\n  " + line;
    }
    return text;
}

/// Plays a scenario; with UPDATE_GOLDEN=1 writes down what it printed instead of comparing.
void play(const fs::path& path) {
    CAPTURE(path.string());
    test::Scenario scenario = ok(test::read_scenario(read_file(path)));
    const auto definition = definition_at(path.parent_path() / scenario.workflow);
    if (!definition) {
        return;
    }
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    test::Stage stage(definition, test::workflows_in(path.parent_path()));
    for (test::Scene& scene : scenario.scenes) {
        CAPTURE(scene.command);
        const auto printed = ok(stage.perform(scene.command));
        if (update) {
            scene.expected = printed;
        } else {
            CHECK(lines_of(printed) == lines_of(scene.expected));
        }
    }
    if (update) {
        std::ofstream(path, std::ios::binary) << test::write_scenario(scenario);
    }
}

}  // namespace

TEST_SUITE("golden") {
    TEST_CASE("every rule of the interpreter prints what its scenario says") {
        const auto files = files_in(fs::path(SILLAGE_SOURCE_DIR) / "tests" / "golden", ".txt");
        REQUIRE_FALSE(files.empty());
        for (const fs::path& file : files) {
            play(file);
        }
    }

    TEST_CASE("every workflow tells the story of its scenario") {
        const auto files = files_in(fs::path(SILLAGE_SOURCE_DIR) / "workflows", ".scenario.txt");
        REQUIRE_FALSE(files.empty());
        for (const fs::path& file : files) {
            play(file);
        }
    }

    TEST_CASE("a scenario is written as it was read") {
        const std::string text =
            "# workflow: a.yaml\n\n# Why.\nstart\n----\nenter a\n\nsend x\n----\n";

        CHECK(test::write_scenario(ok(test::read_scenario(text))) == text);
    }
}
