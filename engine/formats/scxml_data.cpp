#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name(std::string_view text) {
    return !text.empty() && is_letter(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

bool is_state_element(const XmlElement& element) {
    return element.is("scxml") || element.is("state") || element.is("parallel");
}

void declare_data(ScxmlReading& reading, const XmlElement& data) {
    const XmlAttribute* id = data.attribute("id");
    if (id == nullptr) {
        return;
    }
    if (id->value.starts_with('_')) {
        reading.error(id->value_offset, "reserved-name",
                      fmt::format("{} begins as the system variables do; call it otherwise",
                                  in_message(id->value)));
    } else if (find_position(reading.definition, id->value)) {
        reading.error(id->value_offset, "duplicate-id",
                      fmt::format("the data {} is declared already", in_message(id->value)));
    } else {
        if (!is_name(id->value)) {
            reading.warning(id->value_offset, "name",
                            fmt::format("no expression can name {}: letters, digits and _, not "
                                        "beginning with a digit",
                                        in_message(id->value)));
        }
        reading.definition.context.push_back(
            {.name = id->value, .place = reading.place_of(id->value_offset)});
    }
}

/// Calls `visit` with each element of this document of that name, in document order. Documents
/// inside it are others.
template <class Visit>
void each_element(const XmlElement& element, std::string_view name, const Visit& visit) {
    for (const XmlElement& child : element.children) {
        if (child.is(name)) {
            visit(child);
        }
        if (!child.is("content") && !child.is("data") && !child.is("assign")) {
            each_element(child, name, visit);
        }
    }
}

void declare_loop_variable(ScxmlReading& reading, const XmlAttribute* attribute) {
    if (attribute == nullptr || !is_name(attribute->value) || attribute->value.starts_with('_') ||
        find_position(reading.definition, attribute->value)) {
        return;
    }
    reading.definition.context.push_back(
        {.name = attribute->value, .place = reading.place_of(attribute->value_offset)});
}

/// The text of the file that `src` names; nothing, and the finding, when it cannot be had.
std::optional<std::string> text_of_src(ScxmlReading& reading, const XmlAttribute& src) {
    const auto path = neighbour_path(reading.folder, src.value);
    const Neighbour* found = path ? find_neighbour(reading.file.neighbours, *path) : nullptr;
    if (found == nullptr) {
        reading.error(src.value_offset, path ? "src-missing" : "src-outside",
                      path ? fmt::format("no file {} lies beside this document", in_message(*path))
                           : fmt::format("{} is not below this document's folder; src names files "
                                         "there only",
                                         in_message(src.value)));
        return std::nullopt;
    }
    return found->text;
}

std::optional<ValueTemplate> value_of_data(ScxmlReading& reading, const XmlElement& data) {
    if (const XmlAttribute* src = data.attribute("src")) {
        const auto text = text_of_src(reading, *src);
        return text ? std::optional(literal_value(*text)) : std::nullopt;
    }
    if (const XmlAttribute* expr = data.attribute("expr")) {
        return ValueTemplate{.node = read_expression(reading, *expr)};
    }
    return literal_content(data);
}

void add_namelist(ScxmlReading& reading, const XmlAttribute& namelist,
                  ValueTemplate::Members& members) {
    for (const Word& word : words_of(namelist.value)) {
        members.emplace_back(std::string(word.text),
                             ValueTemplate{.node = read_expression(reading, namelist, word)});
    }
}

}  // namespace

void read_fields(ScxmlReading& reading, const XmlElement& root) {
    each_element(root, "datamodel", [&](const XmlElement& datamodel) {
        for (const XmlElement& data : datamodel.children) {
            if (data.is("data")) {
                declare_data(reading, data);
            }
        }
    });
    each_element(root, "foreach", [&](const XmlElement& loop) {
        declare_loop_variable(reading, loop.attribute("item"));
        declare_loop_variable(reading, loop.attribute("index"));
    });
}

std::vector<DataElement> read_data(ScxmlReading& reading, const XmlElement& state) {
    std::vector<DataElement> elements;
    if (!is_state_element(state)) {
        return elements;
    }
    for (const XmlElement& datamodel : state.children) {
        if (!datamodel.is("datamodel")) {
            continue;
        }
        for (const XmlElement& data : datamodel.children) {
            const XmlAttribute* id = data.is("data") ? data.attribute("id") : nullptr;
            const auto field =
                id == nullptr ? std::nullopt : find_position(reading.definition, id->value);
            if (field) {
                elements.push_back({.field = *field,
                                    .value = value_of_data(reading, data),
                                    .place = reading.place_of(data.offset)});
            }
        }
    }
    return elements;
}

ValueTemplate literal_value(std::string_view text) {
    const std::string normalised = space_normalised(text);
    auto json = parse_json(text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())));
    return {.node = json ? std::move(json).value() : boost::json::value(normalised)};
}

std::optional<ValueTemplate> literal_content(const XmlElement& element) {
    if (!element.children.empty()) {
        return ValueTemplate{.node = boost::json::value(element.markup)};
    }
    if (words_of(element.text).empty()) {
        return std::nullopt;
    }
    return literal_value(element.text);
}

ValueTemplate read_payload(ScxmlReading& reading, const XmlElement& element) {
    ValueTemplate::Members members;
    if (const XmlAttribute* namelist = element.attribute("namelist")) {
        add_namelist(reading, *namelist, members);
    }
    for (const XmlElement& child : element.children) {
        const XmlAttribute* expr = child.attribute("expr");
        const XmlAttribute* name = child.attribute("name");
        const XmlAttribute* value = expr != nullptr ? expr : child.attribute("location");
        if (child.is("content") && !element.is("invoke")) {
            return expr != nullptr ? ValueTemplate{.node = read_expression(reading, *expr)}
                                   : literal_content(child).value_or(ValueTemplate{});
        }
        if (child.is("param") && name != nullptr && value != nullptr) {
            members.emplace_back(name->value,
                                 ValueTemplate{.node = read_expression(reading, *value)});
        }
    }
    return members.empty() ? ValueTemplate{} : ValueTemplate{.node = std::move(members)};
}

}  // namespace sillage
