#include <algorithm>
#include <array>
#include <string_view>

#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

constexpr std::string_view exceptions_path = "tests/tidy/exceptions.txt";

/// `rule path: reason`, one a line.
struct Exception {
    std::string rule = {};
    std::string path = {};
    std::size_t line = 0;
    bool used = false;
};

/// An exception without a reason, or none at all, is a finding.
std::vector<Exception> read_exceptions(const Tree& tree, Findings& findings) {
    std::vector<Exception> exceptions;
    const SourceFile* file = tree.find(exceptions_path);
    if (file == nullptr) {
        return exceptions;
    }
    for (std::size_t index = 0; index < file->lines.size(); ++index) {
        const std::string& line = file->lines[index];
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        const std::size_t blank = line.find(' ');
        const std::size_t colon = line.find(": ");
        if (blank == std::string::npos || colon == std::string::npos || colon < blank) {
            findings.push_back({"exception", file->path, index + 1, "write: rule path: reason"});
            continue;
        }
        exceptions.push_back({.rule = line.substr(0, blank),
                              .path = line.substr(blank + 1, colon - blank - 1),
                              .line = index + 1});
    }
    return exceptions;
}

bool is_excused(const Finding& finding, std::vector<Exception>& exceptions) {
    const auto found =
        std::find_if(exceptions.begin(), exceptions.end(), [&](const Exception& exception) {
            return exception.rule == finding.rule && exception.path == finding.path;
        });
    if (found == exceptions.end()) {
        return false;
    }
    found->used = true;
    return true;
}

}  // namespace

Findings check_house(const Tree& tree) {
    constexpr std::array checks = {check_includes,  check_bans,       check_sql,    check_sizes,
                                   check_top_level, check_rooms,      check_tested, check_listed,
                                   check_form,      check_test_names, check_words};
    Findings findings;
    std::vector<Exception> exceptions = read_exceptions(tree, findings);
    for (const auto check : checks) {
        for (const Finding& finding : check(tree)) {
            if (!is_excused(finding, exceptions)) {
                findings.push_back(finding);
            }
        }
    }
    for (const Exception& exception : exceptions) {
        if (!exception.used) {
            findings.push_back({"exception", std::string(exceptions_path), exception.line,
                                exception.path + " needs none for " + exception.rule});
        }
    }
    return findings;
}

}  // namespace sillage::test
