// Broken workflows, each beside the lines that `sillage check` prints about it.
// UPDATE_GOLDEN=1 rewrites those lines.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/runtime/read_workflow.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> broken_files() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(SILLAGE_SOURCE_DIR "/tests/golden/check")) {
        if (entry.path().extension() == ".yaml") {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

TEST_SUITE_BEGIN("golden/check");

TEST_CASE("each broken file gives exactly the expected lines") {
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    const auto paths = broken_files();

    CHECK(paths.size() >= 40);
    for (const fs::path& path : paths) {
        CAPTURE(path.filename().string());

        const ReadOutcome outcome = read_workflow(text_of(path), path.filename().string());
        const std::string lines = test::words_of(outcome.findings);

        CHECK(outcome.definition == nullptr);
        const fs::path expected = fs::path(path).replace_extension(".txt");
        if (update) {
            std::ofstream(expected, std::ios::binary) << lines;
        }
        CHECK(lines == text_of(expected));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
