#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

namespace sillage::test {
namespace {

namespace fs = std::filesystem;

/// The folders that .gitignore names (`build/`), and git's own.
std::set<std::string> ignored_folders(const fs::path& root) {
    std::set<std::string> ignored = {".git"};
    std::ifstream file(root / ".gitignore");
    for (std::string line; std::getline(file, line);) {
        if (line.ends_with('/')) {
            ignored.insert(line.substr(0, line.size() - 1));
        }
    }
    return ignored;
}

bool is_text(const fs::path& path) {
    constexpr std::array<std::string_view, 9> endings = {".hpp", ".cpp",  ".md",   ".txt", ".cmake",
                                                         ".sh",  ".yaml", ".json", ".sql"};
    return std::find(endings.begin(), endings.end(), path.extension().string()) != endings.end();
}

SourceFile read_file(const fs::path& root, const fs::path& path) {
    SourceFile file{.path = fs::relative(path, root).generic_string()};
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    std::istringstream lines(text.str());
    for (std::string line; std::getline(lines, line);) {
        file.lines.push_back(std::move(line));
    }
    if (file.is_cpp()) {
        file.scan = scan_cpp(text.str());
    }
    return file;
}

}  // namespace

std::string text_of(const Finding& finding) {
    return finding.path + ":" + std::to_string(finding.line) + ": " + finding.rule + ": " +
           finding.message;
}

const SourceFile* Tree::find(std::string_view path) const {
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const SourceFile& file) { return file.path == path; });
    return found == files.end() ? nullptr : &*found;
}

Tree read_tree(const fs::path& root) {
    const std::set<std::string> ignored = ignored_folders(root);
    Tree tree;
    for (const auto& entry : fs::directory_iterator(root)) {
        const std::string name = entry.path().filename().string();
        if (!ignored.contains(name)) {
            tree.top_entries.push_back(name);
        }
    }
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
        const bool top_ignored =
            entry.depth() == 0 && ignored.contains(entry->path().filename().string());
        if (top_ignored) {
            entry.disable_recursion_pending();
        } else if (entry->is_directory()) {
            tree.folders.push_back(fs::relative(entry->path(), root).generic_string());
        } else if (is_text(entry->path())) {
            tree.files.push_back(read_file(root, entry->path()));
        }
    }
    std::sort(tree.top_entries.begin(), tree.top_entries.end());
    std::sort(tree.folders.begin(), tree.folders.end());
    std::sort(tree.files.begin(), tree.files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return tree;
}

}  // namespace sillage::test
