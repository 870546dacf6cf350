// CTest runs a case by its name. A name that stands twice runs one case twice and the other never;
// a name that CMake or doctest cut in pieces runs nothing, and doctest calls nothing a success.
#include <map>
#include <string_view>
#include <utility>

#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

constexpr std::string_view breaks_names = ";\\[]";

/// The folder that a test program's cases are under: `tests/engine`, `tests/tidy`.
std::string program_of(const SourceFile& file) {
    return file.path.substr(0, file.path.find('/', std::string_view("tests/").size()));
}

}  // namespace

Findings check_test_names(const Tree& tree) {
    Findings findings;
    std::map<std::pair<std::string, std::string>, std::string> seen;
    const auto check = [&](const SourceFile& file, const Token& name) {
        if (name.text.find_first_of(breaks_names) != std::string::npos) {
            findings.push_back({"name", file.path, name.line,
                                "a test's name has none of " + std::string(breaks_names)});
        }
        const std::string place = file.path + ":" + std::to_string(name.line);
        const auto [first, is_new] = seen.try_emplace({program_of(file), name.text}, place);
        if (!is_new) {
            findings.push_back(
                {"name", file.path, name.line, "the name stands at " + first->second});
        }
    };
    for (const SourceFile& file : tree.files) {
        const std::vector<Token>& tokens = file.scan.tokens;
        for (std::size_t index = 2; file.is_under("tests/") && index < tokens.size(); ++index) {
            if (tokens[index].kind == TokenKind::text && tokens[index - 2].is("TEST_CASE")) {
                check(file, tokens[index]);
            }
        }
    }
    return findings;
}

}  // namespace sillage::test
