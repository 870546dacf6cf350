#include "engine/yaml/detail/reading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/nearest.hpp"

namespace sillage {
namespace {

/// Known names that a message lists at most; chosen: one line is still read to its end.
constexpr std::size_t listed_names_max = 12;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_token(std::string_view token, bool hyphens) {
    return !token.empty() && is_letter(token.front()) && std::ranges::all_of(token, [&](char c) {
        return is_letter(c) || is_digit(c) || (hyphens && c == '-');
    });
}

}  // namespace

void Reading::error(const Node& node, std::string code, std::string message) {
    if (node.kind != NodeKind::broken) {
        findings.error(node.place, std::move(code), std::move(message));
    }
}

void Reading::warning(const Node& node, std::string code, std::string message) {
    if (node.kind != NodeKind::broken) {
        findings.warning(node.place, std::move(code), std::move(message));
    }
}

bool expect(Reading& reading, const Node& node, NodeKind kind, std::string_view what) {
    if (node.kind == kind) {
        return true;
    }
    reading.error(node, "wrong-type", fmt::format("{}; this is {}", what, describe(node)));
    return false;
}

std::string suggest(std::string_view name, const KeyList& known) {
    const std::string near = nearest(name, std::span<const std::string_view>(known));
    if (!near.empty() || known.empty()) {
        return did_you_mean(near);
    }
    const std::size_t shown = std::min(known.size(), listed_names_max);
    const auto end = known.begin() + static_cast<std::ptrdiff_t>(shown);
    return fmt::format("; known here: {}{}", fmt::join(known.begin(), end, ", "),
                       shown < known.size() ? ", …" : "");
}

void check_keys(Reading& reading, const Node& map, const KeyList& known, std::string_view place) {
    for (const Node::Entry& entry : map.entries) {
        const Node& key = *entry.key;
        if (std::ranges::find(known, std::string_view(key.text)) != known.end()) {
            continue;
        }
        const bool cut = map.in_flow && key.style == ScalarStyle::plain &&
                         !is_event_name(key.text) && entry.value->kind == NodeKind::null;
        reading.error(key, "unknown-key",
                      cut ? fmt::format("{} is no key: inside {{}} YAML ends a plain value at a "
                                        "comma; write the value before it in quotes",
                                        quoted(key.text))
                          : fmt::format("{} has no key {}{}", place, quoted(key.text),
                                        suggest(key.text, known)));
    }
}

std::optional<std::string> read_word(Reading& reading, const Node& node, std::string_view what) {
    if (node.kind == NodeKind::boolean || node.kind == NodeKind::number) {
        reading.error(node, "wrong-type",
                      fmt::format("{} is a text; this is {}; write it in quotes: \"{}\"", what,
                                  describe(node), node.text));
        return std::nullopt;
    }
    if (!expect(reading, node, NodeKind::text, fmt::format("{} is a text", what))) {
        return std::nullopt;
    }
    return node.text;
}

bool read_boolean(Reading& reading, const Node& node, std::string_view what) {
    return expect(reading, node, NodeKind::boolean, fmt::format("{} is true or false", what)) &&
           node.text == "true";
}

std::optional<std::int64_t> read_integer(Reading& reading, const Node& node, std::string_view what,
                                         std::int64_t least) {
    const boost::json::value value = to_json(node);
    if (node.kind == NodeKind::number && value.is_int64() && value.get_int64() >= least) {
        return value.get_int64();
    }
    reading.error(
        node, node.kind == NodeKind::number ? "range" : "wrong-type",
        fmt::format("{} is an integer of at least {}; this is {}", what, least, describe(node)));
    return std::nullopt;
}

bool is_field_name(std::string_view name) { return is_token(name, false); }
bool is_state_name(std::string_view name) { return is_token(name, true); }

void check_name(Reading& reading, const Node& name, std::string_view what) {
    if (!is_field_name(name.text)) {
        reading.error(name, "name",
                      fmt::format("{} is not the name of {}: letters, digits and _, not beginning "
                                  "with a digit",
                                  quoted(name.text), what));
    } else if (std::ranges::binary_search(reserved_names(), name.text)) {
        reading.error(name, "reserved-name",
                      fmt::format("{} is a word of the expression language; call {} otherwise",
                                  quoted(name.text), what));
    }
}

std::optional<std::string> read_role(Reading& reading, const Node& node) {
    auto word = read_word(reading, node, "a role");
    if (word && reading.findings.is_full()) {
        return word;
    }
    if (word && reading.definition.find_role(*word) == nullptr) {
        KeyList known;
        for (const Role& role : reading.definition.roles) {
            known.emplace_back(role.name);
        }
        reading.error(
            node, "unknown-role",
            fmt::format("no role {} is declared{}", quoted(*word), suggest(*word, known)));
        return std::nullopt;
    }
    return word;
}

std::vector<std::string> read_roles(Reading& reading, const Node& node, bool system_too) {
    std::vector<std::string> roles;
    const auto read_one = [&](const Node& item) {
        if (system_too && item.kind == NodeKind::text && item.text == "system") {
            roles.emplace_back("system");
        } else if (auto role = read_role(reading, item)) {
            roles.push_back(std::move(*role));
        }
    };
    if (node.kind != NodeKind::list) {
        read_one(node);
        return roles;
    }
    for (const NodePtr& item : node.items) {
        read_one(*item);
    }
    if (node.items.empty()) {
        reading.error(node, "empty-list",
                      "this list of roles names none; name one, or leave it out");
    }
    return roles;
}

}  // namespace sillage
