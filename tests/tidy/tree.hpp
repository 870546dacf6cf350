#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tokens.hpp"

namespace sillage::test {

/// What breaks a rule, and where. `rule` is the word that exceptions.txt calls it by.
struct Finding {
    std::string rule = {};
    std::string path = {};
    std::size_t line = 1;
    std::string message = {};

    bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

/// `engine/base/json.cpp:12: include: …`
[[nodiscard]] std::string text_of(const Finding& finding);

/// One text file; `path` is relative to the root, with `/`. Only C++ has a scan.
struct SourceFile {
    std::string path = {};
    std::vector<std::string> lines = {};
    Scan scan = {};

    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
    [[nodiscard]] bool is_source() const { return path.ends_with(".cpp"); }
    [[nodiscard]] bool is_cpp() const { return is_header() || is_source(); }
    [[nodiscard]] bool is_under(std::string_view folder) const { return path.starts_with(folder); }
    /// `json` of `engine/base/json.cpp`.
    [[nodiscard]] std::string stem() const { return std::filesystem::path(path).stem().string(); }
    /// `engine/base` of `engine/base/json.cpp`.
    [[nodiscard]] std::string folder() const {
        return std::filesystem::path(path).parent_path().string();
    }
};

/// Everything under a root but what git ignores there; sorted by path.
struct Tree {
    std::vector<SourceFile> files = {};
    std::vector<std::string> folders = {};
    std::vector<std::string> top_entries = {};

    [[nodiscard]] const SourceFile* find(std::string_view path) const;
};

[[nodiscard]] Tree read_tree(const std::filesystem::path& root);

}  // namespace sillage::test
