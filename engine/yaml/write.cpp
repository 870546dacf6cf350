#include "engine/yaml/write.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <string_view>

#include "engine/base/json.hpp"
#include "engine/yaml/detail/node.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// Bytes of JSON text up to which a list or mapping stands on one line. Chosen: with its key and
/// indentation it then mostly fits the house's 100 columns.
constexpr std::size_t flow_bytes_max = 72;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What needs no quotes anywhere in YAML, flow mappings included: a word, or a number with its unit
/// (`14 days`), with none of YAML's signs but those that mean nothing inside of one.
bool is_plain(std::string_view text) {
    constexpr std::string_view harmless = " .-/<>=()+*%'!&|$";
    const bool has_harmless_chars = std::ranges::all_of(text, [&](char c) {
        return is_letter(c) || is_digit(c) || harmless.find(c) != std::string_view::npos;
    });
    if (text.empty() || text.back() == ' ' || !has_harmless_chars) {
        return false;
    }
    const bool has_unit = is_digit(text.front()) && is_letter(text.back());
    return (is_letter(text.front()) || has_unit) && plain_kind(text) == NodeKind::text &&
           !looks_like_a_value(text);
}

void write_text(YAML::Emitter& out, std::string_view text) {
    if (!is_plain(text)) {
        out << YAML::DoubleQuoted;
    }
    out << std::string(text);
}

bool fits_a_line(const json::value& value) { return to_json_text(value).size() <= flow_bytes_max; }

void write_value(YAML::Emitter& out, const json::value& value, bool in_flow);

void write_object(YAML::Emitter& out, const json::object& object, bool in_flow) {
    out << YAML::BeginMap;
    for (const json::key_value_pair& member : object) {
        out << YAML::Key;
        write_text(out, member.key());
        out << YAML::Value;
        write_value(out, member.value(), in_flow);
    }
    out << YAML::EndMap;
}

void write_array(YAML::Emitter& out, const json::array& array, bool in_flow) {
    out << YAML::BeginSeq;
    for (const json::value& item : array) {
        write_value(out, item, in_flow);
    }
    out << YAML::EndSeq;
}

void write_value(YAML::Emitter& out, const json::value& value, bool in_flow) {
    const bool is_nested = value.is_object() || value.is_array();
    const bool flow = is_nested && (in_flow || fits_a_line(value));
    if (flow && !in_flow) {
        out << YAML::Flow;
    }
    if (value.is_object()) {
        write_object(out, value.get_object(), flow);
    } else if (value.is_array()) {
        write_array(out, value.get_array(), flow);
    } else if (value.is_string()) {
        write_text(out, value.get_string());
    } else if (value.is_null()) {
        out << YAML::Null;
    } else {
        out << to_json_text(value);
    }
}

}  // namespace

std::string to_yaml_text(const json::value& tree) {
    YAML::Emitter out;
    out.SetNullFormat(YAML::LowerNull);
    if (tree.is_object()) {
        write_object(out, tree.get_object(), false);
    } else {
        write_value(out, tree, false);
    }
    return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace sillage
