#include "server/web/docs_schema.hpp"

#include <algorithm>

#include "engine/base/json.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Objects within objects that are shown in place; the document's own go three deep.
constexpr int depth_max = 6;
/// A list or object that is as short stands on one line.
constexpr std::size_t line_characters_max = 72;

std::string text_at(const json::value& object, std::string_view name) {
    const json::value* found = object.as_object().if_contains(name);
    return found == nullptr     ? ""
           : found->is_string() ? std::string(found->get_string())
                                : to_json_text(*found);
}

const json::value* member(const json::value& object, std::string_view name) {
    return object.is_object() ? object.get_object().if_contains(name) : nullptr;
}

/// Ex. `string or null`.
std::string words_of_type(const json::value& type) {
    if (type.is_string()) {
        return std::string(type.get_string());
    }
    std::string words;
    for (const json::value& one : type.as_array()) {
        words += (words.empty() ? "" : " or ") + std::string(one.as_string());
    }
    return words;
}

/// What a schema asks for beside the type. Ex. `1 to 200`.
std::string bounds_of(const json::value& schema) {
    std::string words;
    const auto add = [&](std::string_view name, std::string_view before) {
        if (member(schema, name) != nullptr) {
            words += (words.empty() ? "" : ", ") + std::string(before) + text_at(schema, name);
        }
    };
    add("format", "");
    add("minimum", "from ");
    add("maximum", "to ");
    add("minLength", "at least ");
    add("maxLength", "at most ");
    add("default", "default ");
    return words;
}

/// The object whose members are shown below a member: itself, or what its list holds.
const json::value* object_below(const json::value& schema) {
    if (member(schema, "properties") != nullptr) {
        return &schema;
    }
    if (const json::value* items = member(schema, "items")) {
        return object_below(*items);
    }
    if (const json::value* any = member(schema, "anyOf")) {
        for (const json::value& one : any->as_array()) {
            if (const json::value* below = object_below(one)) {
                return below;
            }
        }
    }
    return nullptr;
}

void add_rows(Html& page, const json::value& schema, const std::string& path, int depth) {
    const json::value* required = member(schema, "required");
    for (const auto& [name, below] : schema.at("properties").as_object()) {
        const std::string full = path + std::string(name);
        const bool is_required =
            required != nullptr && std::ranges::find(required->as_array(), json::value(name)) !=
                                       required->as_array().end();
        page.open("tr").open("td").element("code", full);
        if (is_required) {
            page.element("span", "always", {{"class", "mark"}});
        }
        page.close().open("td");
        add_type(page, below);
        page.close().open("td").prose(text_at(below, "description")).close().close();
        const json::value* deeper = object_below(below);
        if (deeper != nullptr && depth < depth_max) {
            const bool is_list = member(below, "items") != nullptr;
            add_rows(page, *deeper, full + (is_list ? "[]." : "."), depth + 1);
        }
    }
}

void add_indented(std::string& out, const json::value& value, std::size_t depth) {
    const std::string line = to_json_text(value);
    const bool is_short = line.size() <= line_characters_max;
    if (is_short || (!value.is_object() && !value.is_array())) {
        out += line;
        return;
    }
    const bool is_object = value.is_object();
    const std::string pad((depth + 1) * 2, ' ');
    out += is_object ? "{" : "[";
    bool is_first = true;
    const auto next = [&] {
        out += (is_first ? "\n" : ",\n") + pad;
        is_first = false;
    };
    if (is_object) {
        for (const auto& [name, below] : value.get_object()) {
            next();
            out += to_json_text(json::value(name)) + ": ";
            add_indented(out, below, depth + 1);
        }
    } else {
        for (const json::value& below : value.get_array()) {
            next();
            add_indented(out, below, depth + 1);
        }
    }
    out += "\n" + std::string(depth * 2, ' ') + (is_object ? "}" : "]");
}

}  // namespace

std::string_view name_in(std::string_view reference) {
    return reference.substr(reference.rfind('/') + 1);
}

void add_type(Html& page, const json::value& schema) {
    if (const json::value* reference = member(schema, "$ref")) {
        const std::string name(name_in(reference->as_string()));
        page.element("a", name, {{"href", "#schema-" + name}});
        return;
    }
    if (const json::value* any = member(schema, "anyOf")) {
        bool is_first = true;
        for (const json::value& one : any->as_array()) {
            page.text(is_first ? "" : " or ");
            add_type(page, one);
            is_first = false;
        }
        return;
    }
    if (const json::value* items = member(schema, "items")) {
        page.text("list of ");
        add_type(page, *items);
        return;
    }
    if (const json::value* values = member(schema, "enum")) {
        bool is_first = true;
        for (const json::value& one : values->as_array()) {
            page.text(is_first ? "" : ", ");
            page.element("code",
                         one.is_string() ? std::string(one.get_string()) : to_json_text(one));
            is_first = false;
        }
        return;
    }
    const json::value* type = member(schema, "type");
    page.text(type == nullptr ? std::string("any") : words_of_type(*type));
    const std::string bounds = bounds_of(schema);
    if (!bounds.empty()) {
        page.element("small", " " + bounds);
    }
}

void add_members(Html& page, const json::value& schema) {
    const json::value* shown = object_below(schema);
    if (shown == nullptr) {
        page.open("p");
        add_type(page, schema);
        page.close();
        return;
    }
    page.open("div", {{"class", "wide"}}).open("table").open("tbody");
    add_rows(page, *shown, "", 1);
    page.close().close().close();
}

std::string indented(const json::value& value) {
    std::string out;
    add_indented(out, value, 0);
    return out;
}

}  // namespace sillage::server
