#include <algorithm>
#include <string_view>

#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

bool is_snake_case(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool has_pragma_once(const SourceFile& file) {
    return std::any_of(file.lines.begin(), file.lines.end(),
                       [](const std::string& line) { return line == "#pragma once"; });
}

void check_file(const SourceFile& file, Findings& findings) {
    if (!is_snake_case(file.stem())) {
        findings.push_back({"form", file.path, 1, "a file is named in snake_case"});
    }
    if (file.is_header() && !has_pragma_once(file)) {
        findings.push_back({"form", file.path, 1, "a header says #pragma once"});
    }
}

void check_tabs(const SourceFile& file, Findings& findings) {
    for (std::size_t index = 0; index < file.lines.size(); ++index) {
        if (file.lines[index].find('\t') != std::string::npos) {
            findings.push_back({"form", file.path, index + 1, "a tab; indent with blanks"});
        }
    }
}

/// `sillage::server` behind the word namespace at `index`; empty for an unnamed one, for an alias,
/// and where only types of a library are declared forward.
std::string namespace_at(const std::vector<Token>& tokens, std::size_t index) {
    std::string name;
    for (++index; index < tokens.size() && !tokens[index].is("{"); ++index) {
        if (tokens[index].is("=") || tokens[index].is(";")) {
            return {};
        }
        name += tokens[index].text;
    }
    const auto brace = [](const Token& token) { return token.is("{") || token.is("}"); };
    const auto body =
        tokens.begin() + static_cast<std::ptrdiff_t>(std::min(index + 1, tokens.size()));
    const auto next = std::find_if(body, tokens.end(), brace);
    const bool declares_only =
        next != body && next != tokens.end() && next->is("}") &&
        std::none_of(body, next, [](const auto& one) { return one.is("("); });
    return declares_only ? "" : name;
}

bool is_known_namespace(const SourceFile& file, std::string_view name) {
    const bool of_tests = file.is_under("tests/") && name == "sillage::test";
    return name.empty() || name == "sillage" || name == "sillage::server" || of_tests;
}

void check_namespaces(const SourceFile& file, Findings& findings) {
    const std::vector<Token>& tokens = file.scan.tokens;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        if (!tokens[index].is("namespace")) {
            continue;
        }
        const bool used = index > 0 && tokens[index - 1].is("using");
        if (used && file.is_header()) {
            findings.push_back(
                {"form", file.path, tokens[index].line, "using namespace in a header"});
        }
        const std::string name = used ? "" : namespace_at(tokens, index);
        if (!is_known_namespace(file, name)) {
            findings.push_back({"form", file.path, tokens[index].line,
                                "namespace " + name + "; there are sillage and sillage::server"});
        }
    }
}

}  // namespace

Findings check_form(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        if (file.is_cpp()) {
            check_file(file, findings);
            check_namespaces(file, findings);
        }
        if (file.is_cpp() || file.path.ends_with("CMakeLists.txt")) {
            check_tabs(file, findings);
        }
    }
    return findings;
}

}  // namespace sillage::test
