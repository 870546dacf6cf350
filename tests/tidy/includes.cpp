#include <algorithm>
#include <optional>

#include "tests/tidy/floor_plan.hpp"
#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

/// What is wrong with one include of a file in a room; empty when nothing is.
std::string fault_in_room(const SourceFile& file, const Room& from, const Include& include) {
    const std::optional<Room> to = room_of(include.path);
    if (!to) {
        return "\"" + include.path + "\" lies in no room; write it from the root, engine/room/file";
    }
    if (!may_include(from, *to)) {
        return std::string(from.folder) + " may not know " + std::string(to->folder);
    }
    const std::size_t detail = include.path.find("/detail/");
    if (detail != std::string::npos && !file.is_under(include.path.substr(0, detail) + "/")) {
        return "\"" + include.path + "\" is private to its room";
    }
    return {};
}

/// Tests and examples stand outside the plan but not outside the house.
std::string fault_outside(const SourceFile& file, const Include& include) {
    const bool of_server = include.path.starts_with("server/");
    if (of_server && (file.is_under("tests/engine/") || file.is_under("tests/support/engine/"))) {
        return "tests of the engine do not know the server";
    }
    return {};
}

}  // namespace

Findings check_includes(const Tree& tree) {
    Findings findings;
    const auto check = [&](const SourceFile& file, const Include& include) {
        const std::optional<Room> from = room_of(file.path);
        std::string fault =
            from ? fault_in_room(file, *from, include) : fault_outside(file, include);
        if (fault.empty() && tree.find(include.path) == nullptr) {
            fault = "\"" + include.path + "\" is no file of this tree";
        }
        if (!fault.empty()) {
            findings.push_back({"include", file.path, include.line, fault});
        }
    };
    for (const SourceFile& file : tree.files) {
        for (const Include& include : file.scan.includes) {
            if (include.quoted) {
                check(file, include);
            }
        }
    }
    return findings;
}

}  // namespace sillage::test
