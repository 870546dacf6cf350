#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "tests/tidy/floor_plan.hpp"
#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

/// Lower case, every run of white space one blank, none in front.
std::string plain(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!blank) {
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    return result;
}

/// A statement begins with one phrase and, where prose might too, goes on with the other.
struct Phrase {
    std::string_view begin = {};
    std::string_view later = {};
};

bool is_sql(std::string_view text) {
    constexpr std::array phrases = {
        Phrase{"select ", " from "},
        Phrase{"insert into ", "values"},
        Phrase{"insert into ", "select"},
        Phrase{"insert or ", " into "},
        Phrase{"update ", " set "},
        Phrase{"delete from ", "where"},
        Phrase{"replace into ", ""},
        Phrase{"create table", ""},
        Phrase{"create index", ""},
        Phrase{"create unique index", ""},
        Phrase{"drop table", ""},
        Phrase{"alter table", ""},
        Phrase{"pragma ", ""},
        Phrase{"with ", " select "},
        Phrase{"create trigger", ""},
        Phrase{"create view", ""},
    };
    const std::string statement = plain(text);
    return std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) {
        return statement.starts_with(phrase.begin) &&
               statement.find(phrase.later, phrase.begin.size() - 1) != std::string::npos;
    });
}

/// The literals from `begin` to before `end` stand side by side and are one text.
struct Literal {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text = {};
};

Literal literal_at(const std::vector<Token>& tokens, std::size_t index) {
    Literal literal{.begin = index, .end = index};
    while (literal.end < tokens.size() && tokens[literal.end].kind == TokenKind::text) {
        literal.text += tokens[literal.end].text;
        ++literal.end;
    }
    return literal;
}

/// Is the text added to, formatted, or kept in a variable that is added to later?
bool is_put_together(const std::vector<Token>& tokens, const Literal& literal) {
    static const Token nothing;
    const auto token = [&](std::size_t back) -> const Token& {
        return literal.begin >= back ? tokens[literal.begin - back] : nothing;
    };
    const Token& after = literal.end < tokens.size() ? tokens[literal.end] : nothing;
    const bool added = token(1).is("+") || token(1).is("+=") || after.is("+");
    const bool called = token(1).is("(") && (token(2).text.find("format") != std::string::npos ||
                                             token(2).is("append") || token(2).is("StrCat"));
    if (added || called) {
        return true;
    }
    const bool kept = token(1).is("=") || token(1).is("{") || token(1).is("(");
    for (std::size_t index = literal.end; kept && index + 1 < tokens.size(); ++index) {
        const bool same = token(2).kind == TokenKind::word && tokens[index].is(token(2).text);
        if (same && (tokens[index + 1].is("+=") || tokens[index + 1].is("+"))) {
            return true;
        }
    }
    return false;
}

void check_literal(const SourceFile& file, const Literal& literal, Findings& findings) {
    const std::size_t line = file.scan.tokens[literal.begin].line;
    const bool of_house = file.is_under("engine/") || file.is_under("server/");
    if (of_house && !is_backend(file.path)) {
        findings.push_back({"sql", file.path, line, "statements live in a backend of the store"});
    }
    if (is_put_together(file.scan.tokens, literal)) {
        findings.push_back(
            {"sql", file.path, line, "a statement is put together from text; bind its values"});
    }
}

}  // namespace

Findings check_sql(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        const std::vector<Token>& tokens = file.scan.tokens;
        for (std::size_t index = 0; index < tokens.size(); ++index) {
            const Literal literal = literal_at(tokens, index);
            if (is_sql(literal.text)) {
                check_literal(file, literal, findings);
            }
            index = literal.text.empty() ? index : literal.end - 1;
        }
    }
    return findings;
}

}  // namespace sillage::test
