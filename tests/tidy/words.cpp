#include <algorithm>
#include <array>
#include <string_view>

#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

// Halves, so that this file does not contain what it looks for.
constexpr std::array<std::string_view, 4> machine_paths = {
    "/ho"
    "me/",
    "/wo"
    "rk/",
    "/tmp"
    "/w/",
    "/tmp"
    "/brief"};
constexpr std::array<std::string_view, 3> unfinished = {
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};
constexpr std::string_view to_do =
    "TO"
    "DO";
constexpr std::array<std::string_view, 5> vague_endings = {"Manager", "Helper", "Util", "Utils",
                                                           "Impl"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_letter(text[at - 1]);
        if (begins && (end == text.size() || !is_letter(text[end]))) {
            return true;
        }
    }
    return false;
}

/// `(#12)` somewhere behind the word.
bool names_issue(std::string_view comment) {
    const std::size_t hash = comment.find("(#");
    return hash != std::string_view::npos && hash + 2 < comment.size() &&
           comment[hash + 2] >= '0' && comment[hash + 2] <= '9';
}

void check_comments(const SourceFile& file, Findings& findings) {
    for (const Comment& comment : file.scan.comments) {
        const bool half_done = std::any_of(unfinished.begin(), unfinished.end(),
                                           [&](auto word) { return has_word(comment.text, word); });
        if (half_done || (has_word(comment.text, to_do) && !names_issue(comment.text))) {
            findings.push_back(
                {"word", file.path, comment.line,
                 "unfinished work is done or has an issue: " + std::string(to_do) + " (#12)"});
        }
    }
}

void check_names(const SourceFile& file, Findings& findings) {
    for (const Token& token : file.scan.tokens) {
        const bool type_name =
            token.kind == TokenKind::word && token.text.front() >= 'A' && token.text.front() <= 'Z';
        const auto ends = [&](std::string_view ending) { return token.text.ends_with(ending); };
        if (type_name && std::any_of(vague_endings.begin(), vague_endings.end(), ends)) {
            findings.push_back({"word", file.path, token.line,
                                token.text + ": a name says what a thing is, not that it helps"});
        }
        if (token.kind == TokenKind::word && token.text.starts_with("m_")) {
            findings.push_back({"word", file.path, token.line, token.text + ": no prefixes"});
        }
    }
}

void check_paths(const SourceFile& file, Findings& findings) {
    for (std::size_t index = 0; index < file.lines.size(); ++index) {
        const std::string& line = file.lines[index];
        const bool found = std::any_of(machine_paths.begin(), machine_paths.end(), [&](auto path) {
            return line.find(path) != std::string::npos;
        });
        if (found) {
            findings.push_back({"word", file.path, index + 1, "a path of one machine"});
        }
    }
}

}  // namespace

Findings check_words(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        check_comments(file, findings);
        check_names(file, findings);
        check_paths(file, findings);
    }
    return findings;
}

}  // namespace sillage::test
