#include "engine/yaml/detail/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sillage {
namespace {

constexpr std::string_view blank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t end = text.find_last_not_of(blank);
    return end == std::string_view::npos ? std::string_view{} : text.substr(0, end + 1);
}

/// A word that stands before a colon as a key does, not as the middle of `a ? b : c` does.
bool is_key_like(std::string_view text) {
    return !text.empty() && text.find_first_of(" \t?()<>=&|+") == std::string_view::npos;
}

/// Whether a comma is followed by a key, so that it ends a value inside braces opened lines before.
bool is_before_key(std::string_view line, std::size_t comma) {
    const std::size_t start = std::min(line.find_first_not_of(blank, comma + 1), line.size());
    const std::size_t colon = line.find(": ", start);
    return colon != std::string_view::npos && is_key_like(line.substr(start, colon - start));
}

/// Where the value begins in which `stop` lies: after the key, the dash, the comma or the bracket
/// before it on its line.
struct ValueStart {
    std::size_t at = 0;
    bool in_flow = false;
};
ValueStart value_start_before(std::string_view line, std::size_t stop) {
    std::vector<ValueStart> outer;
    ValueStart start{.at = std::min(line.find_first_not_of(blank), line.size())};
    std::size_t inner = 0;  // brackets open inside the value itself
    const auto move_to = [&](std::size_t next) {
        start.at = std::min(line.find_first_not_of(blank, next), line.size());
        inner = 0;
    };
    for (std::size_t i = start.at; i < std::min(stop, line.size()); ++i) {
        const char c = line[i];
        const bool first = i == start.at;
        const bool ends_word = i + 1 >= line.size() || line[i + 1] == ' ';
        if (first && (c == '"' || c == '\'')) {
            i = std::min(end_of_quoted(line, i), line.size()) - 1;
        } else if (first && (c == '{' || c == '[')) {
            outer.push_back(start);
            start.in_flow = true;
            move_to(i + 1);
            i = start.at - 1;
        } else if (c == '{' || c == '[' || c == '(') {
            ++inner;
        } else if (c == '}' || c == ']' || c == ')') {
            if (inner > 0) {
                --inner;
            } else if (!outer.empty()) {
                start = outer.back();
                outer.pop_back();
            }
        } else if (inner > 0) {
            continue;
        } else if (c == ',' && (start.in_flow || is_before_key(line, i))) {
            start.in_flow = true;
            move_to(i + 1);
        } else if (c == '-' && ends_word && first) {
            move_to(i + 1);
        } else if (c == ':' && ends_word && is_key_like(line.substr(start.at, i - start.at))) {
            move_to(i + 1);
        }
    }
    return start;
}

struct Words {
    std::string_view yaml;
    std::string_view ours;
};
/// yaml-cpp's messages that an author meets, in the words of a manager.
constexpr std::array<Words, 13> words = {{
    {"illegal map value", "a colon with a space after it begins a value, but not here"},
    {"end of map not found", "this belongs to no key: the value before it has ended"},
    {"end of sequence not found", "this belongs to no item of the list before it"},
    {"end of map flow not found", "the { before this is not closed, or a comma is missing"},
    {"end of sequence flow not found", "the [ before this is not closed, or a comma is missing"},
    {"illegal flow end", "this bracket closes nothing"},
    {"illegal block entry", "a list item may not begin here; put the list on lines of its own"},
    {"the referenced anchor is not defined", "YAML reads * as an alias, and none has this name"},
    {"unexpected character in block scalar", "nothing may follow > or | on its line"},
    {"invalid unicode", "this escape is no character"},
    {"unknown escape character", "there is no such escape in double quotes"},
    {"unknown token", "YAML cannot read a value that begins like this"},
    {"illegal document indicator in scalar",
     "the quoted text is not closed before the document ends"},
}};

std::string in_our_words(std::string_view yaml_message) {
    const auto found = std::ranges::find_if(
        words, [&](const Words& pair) { return yaml_message.starts_with(pair.yaml); });
    return std::string(found == words.end() ? yaml_message : found->ours);
}

bool breaks_an_expression(std::string_view value) {
    constexpr std::string_view indicators = "!*&[{\"'%@`>|";
    const bool is_key_too = value.starts_with('*') && value.find(':') != std::string_view::npos;
    return is_key_too ||
           (!value.empty() && indicators.find(value.front()) != std::string_view::npos);
}

/// Whether quotes around the value would mend what YAML broke at `offset`.
bool quotes_mend(const SourceText& source, std::size_t offset, const ValueStart& start,
                 std::string_view value) {
    const std::size_t line_start = source.line_start_of(offset);
    const bool has_colon = value.find(": ") != std::string_view::npos;
    const bool has_bracket = start.in_flow && value.find_first_of("[]{}") != std::string_view::npos;
    const bool inside = offset >= line_start + start.at;
    return !value.empty() && inside && (has_colon || has_bracket || breaks_an_expression(value));
}

}  // namespace

std::size_t end_of_quoted(std::string_view text, std::size_t offset) {
    const char quote = text[offset];
    for (std::size_t i = offset + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote && quote == '\'' && text.substr(i + 1, 1) == "'") {
            ++i;
        } else if (text[i] == quote) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const bool has_special = text.find_first_of("\"\\") != std::string_view::npos;
    const char quote = has_special || !has_single ? '\'' : '"';
    std::string result(1, quote);
    for (const char c : text) {
        result += c;
        if (c == '\'' && quote == '\'') {
            result += '\'';
        }
    }
    return result + quote;
}

std::string_view value_at(const SourceText& source, std::size_t offset, bool in_flow) {
    const std::string_view line = source.line_of(offset);
    const std::size_t start = offset - source.line_start_of(offset);
    std::size_t depth = 0;
    std::size_t i = start;
    for (; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' || c == '\'') {
            const std::size_t end = end_of_quoted(line, i);
            i = end == std::string_view::npos ? i : end - 1;
        } else if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if ((c == ',' || c == ']' || c == '}') && in_flow && depth == 0) {
            break;
        } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return trimmed(line.substr(start, i - start));
}

std::string meant_by(const SourceText& source, const Node& scalar) {
    if (scalar.style != ScalarStyle::plain) {
        return {};
    }
    const auto value = value_at(source, scalar.offset, scalar.in_flow);
    const bool longer = value.size() > scalar.text.size() && value.starts_with(scalar.text);
    return longer ? std::string(value) : std::string{};
}

std::optional<SourceRange> report_syntax(const SourceText& source, std::size_t offset,
                                         std::string_view yaml_message, Findings& findings) {
    const std::string_view line = source.line_of(offset);
    const std::size_t line_start = source.line_start_of(offset);
    const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
    if (indentation.find('\t') != std::string_view::npos) {
        findings.error(source.place_of(line_start + indentation.find('\t')), "syntax",
                       "YAML is indented with spaces; here is a tab");
        return std::nullopt;
    }
    const ValueStart start = value_start_before(line, offset - line_start);
    const std::size_t at = line_start + start.at;
    const auto value = value_at(source, at, start.in_flow);
    const std::string what = in_our_words(yaml_message);
    if (value.starts_with("*:") || value == "*") {
        findings.error(source.place_of(at), "syntax", what + R"(; write the event in quotes: "*")");
        return SourceRange{.offset = at, .bytes = 1};
    }
    if (!quotes_mend(source, offset, start, value)) {
        findings.error(source.place_of(offset), "syntax", what);
        return std::nullopt;
    }
    findings.error(source.place_of(at), "syntax",
                   fmt::format("{}; if it is one text or expression, write it in quotes: {}", what,
                               in_quotes(value)));
    return SourceRange{.offset = at, .bytes = value.size()};
}

namespace {

std::size_t skip_blank(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(blank, at), text.size());
}

struct Escape {
    std::size_t raw = 1;     ///< bytes in the source
    std::size_t cooked = 1;  ///< bytes of the text
};
Escape escape_at(std::string_view raw, std::size_t at, std::string_view cooked) {
    const char kind = at + 1 < raw.size() ? raw[at + 1] : ' ';
    const auto lead = cooked.empty() ? 0U : static_cast<unsigned char>(cooked.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    switch (kind) {
        case 'x':
            return {.raw = 4, .cooked = length};
        case 'u':
            return {.raw = length == 4 ? 12U : 6U, .cooked = length};
        case 'U':
            return {.raw = 10, .cooked = length};
        case 'N':
        case '_':
            return {.raw = 2, .cooked = 2};
        case 'L':
        case 'P':
            return {.raw = 2, .cooked = 3};
        default:
            return {.raw = 2, .cooked = 1};
    }
}

std::size_t content_start(std::string_view raw, const Node& scalar) {
    switch (scalar.style) {
        case ScalarStyle::plain:
        case ScalarStyle::xml:
        case ScalarStyle::whole:
            return scalar.offset;
        case ScalarStyle::single_quoted:
        case ScalarStyle::double_quoted:
            return scalar.offset + 1;
        case ScalarStyle::block:
            return skip_blank(raw, std::min(raw.find('\n', scalar.offset), raw.size()));
    }
    return scalar.offset;
}

}  // namespace

std::size_t offset_in_scalar(const SourceText& source, const Node& scalar, std::size_t index) {
    const std::string_view raw = source.text();
    const std::string_view cooked = scalar.text;
    if (scalar.style == ScalarStyle::whole) {
        return scalar.offset;
    }
    if (scalar.style == ScalarStyle::xml) {
        return offset_in_xml(raw, scalar.offset, cooked, index);
    }
    std::size_t at = content_start(raw, scalar);
    std::size_t i = 0;
    while (i < std::min(index, cooked.size()) && at < raw.size()) {
        const bool raw_blank = blank.find(raw[at]) != std::string_view::npos;
        if (scalar.style == ScalarStyle::double_quoted && raw[at] == '\\') {
            const bool folded = raw.substr(at + 1, 1) == "\n" || raw.substr(at + 1, 1) == "\r";
            const Escape escape = escape_at(raw, at, cooked.substr(i));
            at = folded ? skip_blank(raw, at + 1) : at + escape.raw;
            i += folded ? 0U : escape.cooked;
        } else if (raw[at] == cooked[i]) {
            at += scalar.style == ScalarStyle::single_quoted && raw[at] == '\'' ? 2U : 1U;
            ++i;
        } else if (raw_blank) {
            // A fold: line ends and indentation stand for one blank, or for none.
            at = skip_blank(raw, at);
            i += cooked[i] == ' ' ? 1U : 0U;
        } else {
            ++i;  // a line end of the text beyond those of the source
        }
    }
    // What follows a fold begins after the indentation.
    const bool at_fold = i < cooked.size() && at < raw.size() &&
                         blank.find(raw[at]) != std::string_view::npos && raw[at] != cooked[i];
    return std::min(at_fold ? skip_blank(raw, at) : at, raw.size());
}

}  // namespace sillage
