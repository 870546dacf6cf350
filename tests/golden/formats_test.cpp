// Workflows written in each format, beside what they became. UPDATE_GOLDEN=1 rewrites it.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "engine/formats/diagram.hpp"
#include "engine/formats/scxml_write.hpp"
#include "engine/formats/workflow_tree.hpp"
#include "engine/yaml/write.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// How a definition is written, and what the file is called then.
struct Form {
    std::string ending;
    std::function<std::string(const Definition&)> write;
};

const std::vector<Form>& forms() {
    static const std::vector<Form> all = {
        {".expanded.yaml",
         [](const Definition& definition) { return to_yaml_text(workflow_tree(definition)); }},
        {".scxml", to_scxml},
        {".mmd",
         [](const Definition& definition) {
             return to_mermaid(definition, {.languages = {"en"}});
         }},
        {".dot",
         [](const Definition& definition) { return to_dot(definition, {.languages = {"fr"}}); }}};
    return all;
}

TEST_SUITE_BEGIN("golden/formats");

TEST_CASE("each format says what it said") {
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    for (const char* name : {"export-readiness", "everything"}) {
        const fs::path base = fs::path(SILLAGE_SOURCE_DIR) / "tests/golden/formats" / name;
        const auto definition = test::definition_of(text_of(base.string() + ".yaml"));
        for (const Form& form : forms()) {
            CAPTURE(base.string() + form.ending);
            const std::string written = form.write(*definition);
            if (update) {
                std::ofstream(base.string() + form.ending, std::ios::binary) << written;
            }
            CHECK(written == text_of(base.string() + form.ending));
        }
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
