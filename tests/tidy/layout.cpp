// What lies where: the top level, the rooms, a test for every source, a CMakeLists.txt that names
// it.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "tests/tidy/floor_plan.hpp"
#include "tests/tidy/functions.hpp"
#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

constexpr std::array<std::string_view, 13> top_level = {
    ".ci",          ".clang-format",  ".clang-tidy",       ".gitignore",
    "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "LICENSE",
    "README.md",    "engine",         "examples",          "server",
    "tests"};
constexpr std::string_view workflows = "workflows";

/// What a README.md of a room may have; section 2 of the house style.
constexpr std::size_t readme_lines_max = 40;

bool belongs_on_top(std::string_view name) {
    return name == workflows ||
           std::find(top_level.begin(), top_level.end(), name) != top_level.end();
}

bool is_of_house(const SourceFile& file) {
    return file.is_under("engine/") || file.is_under("server/");
}

/// A header whose longest function has three lines holds look-ups, not worth a test of their own.
constexpr std::size_t lookup_lines_max = 3;

bool has_logic(const SourceFile& file) {
    const std::vector<Function> functions = functions_in(file.scan);
    return std::any_of(functions.begin(), functions.end(), [](const Function& function) {
        return function.line_count > lookup_lines_max;
    });
}

/// `json_test.cpp` or, where one file would be too long, `json_numbers_test.cpp`; what lies under
/// detail/ may be tested there or beside the room's other tests.
bool has_test(const Tree& tree, const SourceFile& file) {
    const std::string mirror = "tests/" + file.folder();
    const std::string room = mirror.substr(0, mirror.rfind("/detail"));
    return std::any_of(tree.files.begin(), tree.files.end(), [&](const SourceFile& candidate) {
        const std::string name = candidate.stem();
        const bool mirrors = candidate.folder() == mirror || candidate.folder() == room;
        return candidate.is_source() && mirrors && name.ends_with("_test") &&
               name.starts_with(file.stem() + "_");
    });
}

/// Does the line name this path, as a word of its own?
bool names(std::string_view line, std::string_view path) {
    constexpr std::string_view between = " \t()\"";
    const auto is_between = [&](std::size_t at) {
        return at >= line.size() || between.find(line[at]) != std::string_view::npos;
    };
    for (std::size_t at = line.find(path); at != std::string_view::npos;
         at = line.find(path, at + 1)) {
        const bool begins = at == 0 || is_between(at - 1) || line.substr(0, at).ends_with("_DIR}/");
        if (begins && is_between(at + path.size())) {
            return true;
        }
    }
    return false;
}

bool names(const SourceFile& list, std::string_view path) {
    return std::any_of(list.lines.begin(), list.lines.end(),
                       [&](std::string_view line) { return names(line, path); });
}

bool is_listed(const Tree& tree, const SourceFile& file) {
    std::string folder = file.folder();
    while (!folder.empty()) {
        const SourceFile* list = tree.find(folder + "/CMakeLists.txt");
        if (list != nullptr && names(*list, file.path.substr(folder.size() + 1))) {
            return true;
        }
        const std::size_t cut = folder.rfind('/');
        folder = cut == std::string::npos ? "" : folder.substr(0, cut);
    }
    return false;
}

}  // namespace

Findings check_top_level(const Tree& tree) {
    Findings findings;
    for (const std::string& name : tree.top_entries) {
        if (!belongs_on_top(name)) {
            findings.push_back({"top", name, 1, "has no place at the top level"});
        }
    }
    const auto require = [&](std::string_view name) {
        const auto& entries = tree.top_entries;
        if (std::find(entries.begin(), entries.end(), name) == entries.end()) {
            findings.push_back({"top", std::string(name), 1, "is missing at the top level"});
        }
    };
    std::for_each(top_level.begin(), top_level.end(), require);
    require(workflows);
    return findings;
}

Findings check_rooms(const Tree& tree) {
    Findings findings;
    for (const std::string& folder : tree.folders) {
        const bool of_house = folder.starts_with("engine/") || folder.starts_with("server/");
        const std::optional<Room> room = room_of(folder);
        if (of_house && !room) {
            findings.push_back({"room", folder, 1, "is no room of the floor plan"});
        }
        if (!room || room->folder != folder) {
            continue;
        }
        const std::string path = folder + "/README.md";
        const SourceFile* readme = tree.find(path);
        if (readme == nullptr) {
            findings.push_back({"room", path, 1, "is missing: what the room is for"});
        } else if (readme->lines.size() > readme_lines_max) {
            findings.push_back({"room", path, readme_lines_max + 1, "has more than 40 lines"});
        }
    }
    for (const SourceFile& file : tree.files) {
        if (is_of_house(file) && file.is_cpp() && !room_of(file.path)) {
            findings.push_back({"room", file.path, 1, "lies in no room"});
        }
    }
    return findings;
}

Findings check_tested(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        const std::string source = file.folder() + "/" + file.stem() + ".cpp";
        const bool needs_test =
            file.is_source() ||
            (file.is_header() && tree.find(source) == nullptr && has_logic(file));
        if (is_of_house(file) && needs_test && !has_test(tree, file)) {
            findings.push_back({"untested", file.path, 1,
                                "has no tests/" + file.folder() + "/" + file.stem() +
                                    "_test.cpp and no line in tests/tidy/exceptions.txt"});
        }
    }
    return findings;
}

Findings check_listed(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        if (file.is_source() && !is_listed(tree, file)) {
            findings.push_back({"unlisted", file.path, 1, "is in no CMakeLists.txt above it"});
        }
    }
    return findings;
}

}  // namespace sillage::test
