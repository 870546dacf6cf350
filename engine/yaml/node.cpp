#include "engine/yaml/detail/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/base/json.hpp"

namespace sillage {
namespace {

/// Bytes of a text that a message repeats; chosen: a message stays one readable line.
constexpr std::size_t quoted_bytes_max = 60;

std::size_t digits_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(std::min(at, text.size()));
    const auto end = std::ranges::find_if_not(rest, [](char c) { return c >= '0' && c <= '9'; });
    return static_cast<std::size_t>(end - rest.begin());
}

/// Source: RFC 8259, section 6.
bool is_json_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1U : 0U;
    const std::size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text[at] == '0')) {
        return false;
    }
    at += whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t fraction = digits_at(text, at + 1);
        if (fraction == 0) {
            return false;
        }
        at += 1 + fraction;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        at += 1;
        at += at < text.size() && (text[at] == '+' || text[at] == '-') ? 1U : 0U;
        const std::size_t exponent = digits_at(text, at);
        if (exponent == 0) {
            return false;
        }
        at += exponent;
    }
    return at == text.size();
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

bool consists_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

/// Numbers of YAML 1.1 and of YAML 1.2's core schema that JSON has not.
bool looks_like_a_number(std::string_view text) {
    if (text.starts_with('+') || text.starts_with('-')) {
        text.remove_prefix(1);
    }
    if (text.starts_with("0x") || text.starts_with("0X")) {
        return consists_of(text.substr(2), "0123456789abcdefABCDEF_");
    }
    if (text.starts_with("0o") || text.starts_with("0b")) {
        return consists_of(text.substr(2), "01234567_");
    }
    const std::string small = lower(text);
    if (small == ".inf" || small == ".nan") {
        return true;
    }
    const std::size_t dot = text.find('.');
    const auto whole = text.substr(0, dot);
    const auto fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
    const bool whole_fits = whole.empty() || consists_of(whole, "0123456789_");
    const bool fraction_fits = fraction.empty() || consists_of(fraction, "0123456789_");
    return whole_fits && fraction_fits && digits_at(whole, 0) + digits_at(fraction, 0) > 0;
}

void cut_to_code_point(std::string& text, std::size_t bytes) {
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) {
        --bytes;
    }
    text.resize(bytes);
}

}  // namespace

bool Node::is_scalar() const {
    return kind == NodeKind::null || kind == NodeKind::boolean || kind == NodeKind::number ||
           kind == NodeKind::text;
}

const Node::Entry* Node::find_entry(std::string_view key) const {
    const auto found =
        std::ranges::find_if(entries, [&](const Entry& entry) { return entry.key->text == key; });
    return found == entries.end() ? nullptr : &*found;
}

const Node* Node::find(std::string_view key) const {
    const Entry* entry = find_entry(key);
    return entry == nullptr ? nullptr : entry->value.get();
}

NodeKind plain_kind(std::string_view text) {
    if (text.empty() || text == "null") {
        return NodeKind::null;
    }
    if (text == "true" || text == "false") {
        return NodeKind::boolean;
    }
    return is_json_number(text) ? NodeKind::number : NodeKind::text;
}

bool looks_like_a_value(std::string_view text) {
    if (plain_kind(text) != NodeKind::text) {
        return false;
    }
    constexpr std::array<std::string_view, 7> words = {"~",    "Null",  "NULL", "True",
                                                       "TRUE", "False", "FALSE"};
    return std::ranges::find(words, text) != words.end() || looks_like_a_number(text);
}

boost::json::value to_json(const Node& node) {
    switch (node.kind) {
        case NodeKind::null:
        case NodeKind::broken:
            return nullptr;
        case NodeKind::boolean:
        case NodeKind::number: {
            auto value = parse_json(node.text);
            return value ? value.value() : boost::json::value(nullptr);
        }
        case NodeKind::text:
            return boost::json::value(node.text);
        case NodeKind::list: {
            boost::json::array array;
            for (const NodePtr& item : node.items) {
                array.push_back(to_json(*item));
            }
            return array;
        }
        case NodeKind::map: {
            boost::json::object object;
            for (const Node::Entry& entry : node.entries) {
                object[entry.key->text] = to_json(*entry.value);
            }
            return object;
        }
    }
    return nullptr;
}

std::string quoted(std::string_view text) {
    std::string shown(text);
    std::ranges::replace(shown, '\n', ' ');
    if (shown.size() > quoted_bytes_max) {
        cut_to_code_point(shown, quoted_bytes_max);
        shown += "…";
    }
    return "\"" + shown + "\"";
}

std::string describe(const Node& node) {
    switch (node.kind) {
        case NodeKind::null:
            return node.text.empty() ? "nothing" : "null";
        case NodeKind::boolean:
            return fmt::format("the boolean {}", node.text);
        case NodeKind::number:
            return fmt::format("the number {}", node.text);
        case NodeKind::text:
            return fmt::format("the text {}", quoted(node.text));
        case NodeKind::list:
            return "a list";
        case NodeKind::map:
            return "a mapping";
        case NodeKind::broken:
            return "what cannot be read";
    }
    return {};
}

}  // namespace sillage
