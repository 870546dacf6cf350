// What SCXML 1.0 lets stand where: its elements with their attributes and children, as data.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

#include "engine/base/nearest.hpp"
#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

using Names = std::vector<std::string_view>;

struct Entry {
    std::string_view name = {};
    Names attributes = {};
    /// Those of the attributes that must be there and not be empty.
    Names required = {};
    /// Pairs of which at most one may be there.
    std::vector<std::array<std::string_view, 2>> exclusive = {};
    Names children = {};
    /// Anything may stand inside: it is data.
    bool open = false;
    /// Executable content may stand inside.
    bool executable = false;
};

/// Source: SCXML 1.0, sections 4.2 to 4.9, 6.2 and 6.3.
const Names& executable_names() {
    static const Names names = {"raise",  "if",     "foreach", "log",
                                "assign", "script", "send",    "cancel"};
    return names;
}

const std::vector<Entry>& structure() {
    static const std::vector<Entry> entries = {
        {.name = "scxml",
         .attributes = {"initial", "name", "version", "datamodel", "binding"},
         // SCXML has no transitions here; other engines take them, and so does this one.
         .children = {"state", "parallel", "final", "datamodel", "script", "transition"}},
        {.name = "state",
         .attributes = {"id", "initial"},
         .required = {},
         .children = {"onentry", "onexit", "transition", "initial", "state", "parallel", "final",
                      "history", "datamodel", "invoke"}},
        {.name = "parallel",
         .attributes = {"id"},
         .children = {"onentry", "onexit", "transition", "state", "parallel", "history",
                      "datamodel", "invoke"}},
        {.name = "transition",
         .attributes = {"event", "cond", "target", "type"},
         .executable = true},
        {.name = "initial", .children = {"transition"}},
        {.name = "final", .attributes = {"id"}, .children = {"onentry", "onexit", "donedata"}},
        {.name = "onentry", .executable = true},
        {.name = "onexit", .executable = true},
        {.name = "history", .attributes = {"id", "type"}, .children = {"transition"}},
        {.name = "datamodel", .children = {"data"}},
        {.name = "data",
         .attributes = {"id", "src", "expr"},
         .required = {"id"},
         .exclusive = {{"src", "expr"}},
         .open = true},
        {.name = "donedata", .children = {"content", "param"}},
        {.name = "content", .attributes = {"expr"}, .open = true},
        {.name = "param",
         .attributes = {"name", "expr", "location"},
         .required = {"name"},
         .exclusive = {{"expr", "location"}}},
        {.name = "invoke",
         .attributes = {"type", "typeexpr", "src", "srcexpr", "id", "idlocation", "namelist",
                        "autoforward"},
         .exclusive = {{"type", "typeexpr"}, {"src", "srcexpr"}, {"id", "idlocation"}},
         .children = {"param", "finalize", "content"}},
        {.name = "finalize", .executable = true}};
    return entries;
}

const std::vector<Entry>& executables() {
    static const std::vector<Entry> entries = {
        {.name = "raise", .attributes = {"event"}, .required = {"event"}},
        {.name = "if",
         .attributes = {"cond"},
         .required = {"cond"},
         .children = {"elseif", "else"},
         .executable = true},
        {.name = "elseif", .attributes = {"cond"}, .required = {"cond"}},
        {.name = "else"},
        {.name = "foreach",
         .attributes = {"array", "item", "index"},
         .required = {"array", "item"},
         .executable = true},
        {.name = "log", .attributes = {"label", "expr"}},
        {.name = "assign", .attributes = {"location", "expr"}, .open = true},
        {.name = "script", .attributes = {"src"}, .open = true},
        {.name = "send",
         .attributes = {"event", "eventexpr", "target", "targetexpr", "type", "typeexpr", "id",
                        "idlocation", "delay", "delayexpr", "namelist"},
         .exclusive = {{"event", "eventexpr"},
                       {"target", "targetexpr"},
                       {"type", "typeexpr"},
                       {"id", "idlocation"},
                       {"delay", "delayexpr"}},
         .children = {"content", "param"}},
        {.name = "cancel",
         .attributes = {"sendid", "sendidexpr"},
         .exclusive = {{"sendid", "sendidexpr"}}}};
    return entries;
}

const Entry* find_entry(std::string_view name) {
    for (const auto* table : {&structure(), &executables()}) {
        const auto found = std::ranges::find(*table, name, &Entry::name);
        if (found != table->end()) {
            return &*found;
        }
    }
    return nullptr;
}

std::string suggest(std::string_view name, const Names& known) {
    const std::string near = nearest(name, std::span<const std::string_view>(known));
    if (!near.empty()) {
        return did_you_mean(near);
    }
    return known.empty() ? "" : fmt::format("; known here: {}", fmt::join(known, ", "));
}

Names children_of(const Entry& entry) {
    Names names = entry.children;
    if (entry.executable) {
        names.insert(names.end(), executable_names().begin(), executable_names().end());
    }
    return names;
}

void check_attributes(ScxmlReading& reading, const XmlElement& element, const Entry& entry) {
    for (const XmlAttribute& attribute : element.attributes) {
        const bool known =
            std::ranges::find(entry.attributes, attribute.name) != entry.attributes.end();
        if (attribute.space.empty() && !known) {
            reading.error(
                attribute.offset, "unknown-attribute",
                fmt::format("<{}> has no attribute {}{}", entry.name, in_message(attribute.name),
                            suggest(attribute.name, entry.attributes)));
        }
    }
    for (const std::string_view name : entry.required) {
        const XmlAttribute* attribute = element.attribute(name);
        if (attribute == nullptr) {
            reading.error(element.offset, "missing-attribute",
                          fmt::format("<{}> needs the attribute {}", entry.name, name));
        } else if (words_of(attribute->value).empty()) {
            reading.error(attribute->offset, "empty-attribute",
                          fmt::format("the attribute {} of <{}> is empty", name, entry.name));
        }
    }
    for (const auto& [one, other] : entry.exclusive) {
        const XmlAttribute* second = element.attribute(other);
        if (element.attribute(one) != nullptr && second != nullptr) {
            reading.error(second->offset, "exclusive-attributes",
                          fmt::format("<{}> has {} or {}, not both", entry.name, one, other));
        }
    }
}

void check_element(ScxmlReading& reading, const XmlElement& element);

/// A child of another namespace is for other readers; what it would do is not done.
void check_children(ScxmlReading& reading, const XmlElement& element, const Entry& entry) {
    const Names allowed = children_of(entry);
    for (const XmlElement& child : element.children) {
        if (!child.is_scxml()) {
            const bool is_read =
                child.space == sillage_namespace &&
                (reading.definition.dialect == Dialect::workflow || child.name == "neighbour");
            if (!is_read) {
                reading.warning(child.offset, "foreign-element",
                                fmt::format("<{}> is not SCXML's: it is passed over", child.name));
            }
            continue;
        }
        if (std::ranges::find(allowed, child.name) != allowed.end()) {
            check_element(reading, child);
        } else if (find_entry(child.name) != nullptr) {
            reading.error(child.offset, "misplaced-element",
                          fmt::format("<{}> may not stand in <{}>{}", child.name, entry.name,
                                      suggest("", allowed)));
        } else {
            reading.error(child.offset, "unknown-element",
                          fmt::format("SCXML has no element <{}>{}", child.name,
                                      suggest(child.name, allowed)));
        }
    }
}

/// Nothing but elements may stand there.
void check_text(ScxmlReading& reading, const XmlElement& element) {
    if (!words_of(element.text).empty()) {
        reading.error(element.text_offset, "misplaced-text",
                      fmt::format("text may not stand in <{}>: {}", element.name,
                                  in_message(space_normalised(element.text))));
    }
}

/// What a table cannot say of an element.
void check_special(ScxmlReading& reading, const XmlElement& element) {
    if (element.is("script")) {
        reading.error(
            element.offset, "unsupported",
            "the data model cel has no statements: write <assign> or <foreach> instead of "
            "<script>");
    }
    const bool is_root = element.is("scxml");
    for (const XmlElement& child : element.children) {
        if (is_root && child.is("transition")) {
            reading.warning(child.offset, "root-transition",
                            "SCXML has no <transition> in <scxml>; here it stands for every state");
        }
    }
    const bool names_event =
        element.attribute("event") != nullptr || element.attribute("eventexpr") != nullptr;
    if (element.is("send") && !names_event) {
        reading.error(element.offset, "missing-attribute", "<send> needs event or eventexpr");
    }
    const bool names_id =
        element.attribute("sendid") != nullptr || element.attribute("sendidexpr") != nullptr;
    if (element.is("cancel") && !names_id) {
        reading.error(element.offset, "missing-attribute", "<cancel> needs sendid or sendidexpr");
    }
    const bool has_value =
        element.attribute("expr") != nullptr || element.attribute("location") != nullptr;
    if (element.is("param") && !has_value) {
        reading.error(element.offset, "missing-attribute", "<param> needs expr or location");
    }
}

/// The `content` of a payload excludes `param` and `namelist`, and its text excludes its `expr`.
void check_payload(ScxmlReading& reading, const XmlElement& element) {
    const auto content = std::ranges::find_if(
        element.children, [](const XmlElement& child) { return child.is("content"); });
    if (content == element.children.end()) {
        return;
    }
    const bool has_params = std::ranges::any_of(
        element.children, [](const XmlElement& child) { return child.is("param"); });
    // An invoke's content is the document; its parameters stand beside it.
    const bool excludes = !element.is("invoke");
    if (excludes && (has_params || element.attribute("namelist") != nullptr)) {
        reading.error(content->offset, "exclusive-elements",
                      fmt::format("<{}> has <content> or named values, not both", element.name));
    }
    const auto again = std::find_if(content + 1, element.children.end(),
                                    [](const XmlElement& child) { return child.is("content"); });
    if (again != element.children.end()) {
        reading.error(again->offset, "exclusive-elements",
                      fmt::format("<{}> has one <content>", element.name));
    }
}

void check_element(ScxmlReading& reading, const XmlElement& element) {
    const Entry* entry = find_entry(element.name);
    if (entry == nullptr) {
        return;
    }
    check_attributes(reading, element, *entry);
    check_special(reading, element);
    check_payload(reading, element);
    const bool has_content =
        std::ranges::any_of(element.children,
                            [](const XmlElement& child) { return !child.is_extension("field"); }) ||
        !words_of(element.text).empty();
    const bool has_value =
        element.attribute("expr") != nullptr || element.attribute("src") != nullptr;
    if (entry->open && has_value && has_content && !element.is("script")) {
        reading.error(
            element.offset, "exclusive-attributes",
            fmt::format("<{}> has a value as an attribute or inside, not both", element.name));
    }
    if (!entry->open) {
        check_children(reading, element, *entry);
        check_text(reading, element);
    }
}

}  // namespace

void check_vocabulary(ScxmlReading& reading, const XmlElement& root) {
    check_element(reading, root);
}

}  // namespace sillage
