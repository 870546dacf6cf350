#include "engine/formats/detail/document_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/calendar/calendar.hpp"

namespace sillage {
namespace {

NodePtr list_of(DocumentReading& document, const std::vector<const XmlElement*>& elements,
                std::size_t offset);

/// `after` of a send: what `delay` or `delayexpr` say; null for neither.
NodePtr delay_node(DocumentReading& document, const XmlElement& send) {
    if (const XmlAttribute* computed = send.attribute("delayexpr")) {
        return document.nodes.braced(*computed);
    }
    const XmlAttribute* delay = send.attribute("delay");
    const auto exact = delay == nullptr ? std::nullopt : parse_css_time(delay->value);
    if (exact) {
        return document.nodes.text(to_iso({.exact = *exact}), delay->value_offset);
    }
    return delay == nullptr ? nullptr : document.nodes.value(*delay);
}

/// `parent`, or the id of a child.
NodePtr recipient_node(DocumentReading& document, const XmlAttribute& target) {
    constexpr std::string_view prefix = "#_";
    const std::string_view value = target.value;
    return document.nodes.literal(value.starts_with(prefix) ? value.substr(prefix.size()) : value,
                                  target.value_offset);
}

NodePtr send_node(DocumentReading& document, const XmlElement& send) {
    const NodeMaker& nodes = document.nodes;
    auto body = nodes.map(send.offset);
    if (const XmlAttribute* event = send.attribute("event")) {
        nodes.put(*body, "event", nodes.value(*event));
    }
    if (const NodePtr data = payload_node(document, send)) {
        nodes.put(*body, "data", data);
    }
    auto action = nodes.map(send.offset);
    const XmlAttribute* target = send.attribute("target");
    if (target != nullptr && target->value == "#_internal") {
        nodes.put(*action, "raise", body);
        return action;
    }
    if (const NodePtr after = delay_node(document, send)) {
        nodes.put(*body, "after", after);
    }
    if (const XmlAttribute* id = send.attribute("id")) {
        nodes.put(*body, "id", nodes.literal(id->value, id->value_offset));
    }
    if (target != nullptr) {
        nodes.put(*body, "to", recipient_node(document, *target));
    }
    nodes.put(*action, "send", body);
    return action;
}

NodePtr assign_node(DocumentReading& document, const XmlElement& assign) {
    const NodeMaker& nodes = document.nodes;
    auto values = nodes.map(assign.offset);
    const XmlAttribute* location = assign.attribute("location");
    const XmlAttribute* expr = assign.attribute("expr");
    if (location != nullptr && expr != nullptr) {
        nodes.put(*values, location->value, nodes.braced(*expr));
    }
    auto action = nodes.map(assign.offset);
    nodes.put(*action, "assign", values);
    return action;
}

/// An `if` of which the branches from `at` on are left.
NodePtr if_node(DocumentReading& document, const XmlElement& element, std::size_t at,
                const XmlAttribute* cond) {
    const NodeMaker& nodes = document.nodes;
    std::vector<const XmlElement*> then;
    for (; at < element.children.size(); ++at) {
        const XmlElement& child = element.children[at];
        if (child.is("elseif") || child.is("else")) {
            break;
        }
        then.push_back(&child);
    }
    if (cond == nullptr) {
        return list_of(document, then, element.offset);
    }
    auto action = nodes.map(element.offset);
    nodes.put(*action, "if", nodes.value(*cond));
    nodes.put(*action, "then", list_of(document, then, element.offset));
    if (at < element.children.size()) {
        const XmlElement& next = element.children[at];
        NodePtr rest = if_node(document, element, at + 1, next.attribute("cond"));
        nodes.put(*action, "else",
                  next.is("else") ? rest : nodes.list({std::move(rest)}, next.offset));
    }
    return action;
}

NodePtr foreach_node(DocumentReading& document, const XmlElement& element) {
    const NodeMaker& nodes = document.nodes;
    constexpr std::pair<std::string_view, std::string_view> keys[] = {
        {"array", "in"}, {"item", "as"}, {"index", "index"}};
    auto head = nodes.map(element.offset);
    for (const auto& [name, key] : keys) {
        if (const XmlAttribute* attribute = element.attribute(name)) {
            nodes.put(*head, std::string(key), nodes.value(*attribute));
        }
    }
    auto action = nodes.map(element.offset);
    nodes.put(*action, "foreach", head);
    nodes.put(*action, "do", action_nodes(document, element));
    return action;
}

NodePtr one_key(DocumentReading& document, const XmlElement& element, std::string key,
                NodePtr value) {
    auto action = document.nodes.map(element.offset);
    document.nodes.put(*action, std::move(key), std::move(value));
    return action;
}

/// The literal in the one attribute, else the expression in the other.
NodePtr either(DocumentReading& document, const XmlElement& element, const Alternatives& names) {
    if (const XmlAttribute* expression = element.attribute(names.expression)) {
        return document.nodes.braced(*expression);
    }
    const XmlAttribute* literal = element.attribute(names.literal);
    return literal == nullptr ? document.nodes.literal("", element.offset)
                              : document.nodes.literal(literal->value, literal->value_offset);
}

NodePtr action_node(DocumentReading& document, const XmlElement& element) {
    if (element.space == sillage_namespace) {
        const NodePtr value = extension_value(document, element);
        return value ? one_key(document, element, element.name, value) : nullptr;
    }
    if (element.is("raise")) {
        const XmlAttribute* event = element.attribute("event");
        return event == nullptr ? nullptr
                                : one_key(document, element, "raise", document.nodes.value(*event));
    }
    if (element.is("assign")) {
        return assign_node(document, element);
    }
    if (element.is("send")) {
        return send_node(document, element);
    }
    if (element.is("cancel")) {
        return one_key(document, element, "cancel",
                       either(document, element, {"sendid", "sendidexpr"}));
    }
    if (element.is("log")) {
        return one_key(document, element, "log", either(document, element, {"label", "expr"}));
    }
    if (element.is("if")) {
        return if_node(document, element, 0, element.attribute("cond"));
    }
    return element.is("foreach") ? foreach_node(document, element) : nullptr;
}

NodePtr list_of(DocumentReading& document, const std::vector<const XmlElement*>& elements,
                std::size_t offset) {
    std::vector<NodePtr> actions;
    for (const XmlElement* element : elements) {
        if (NodePtr action = action_node(document, *element)) {
            actions.push_back(std::move(action));
        }
    }
    return document.nodes.list(std::move(actions), offset);
}

}  // namespace

NodePtr extension_value(DocumentReading& document, const XmlElement& element) {
    const auto value = parse_json(space_normalised(element.text));
    if (!value) {
        document.reading.error(element.offset, "json",
                               fmt::format("<sillage:{}> holds JSON, a text in double quotes; {}",
                                           element.name, value.error().message));
        return nullptr;
    }
    return document.nodes.json(value.value(), element.text_offset);
}

NodePtr action_nodes(DocumentReading& document, const XmlElement& element) {
    std::vector<const XmlElement*> actions;
    for (const XmlElement& child : element.children) {
        actions.push_back(&child);
    }
    return list_of(document, actions, element.offset);
}

NodePtr payload_node(DocumentReading& document, const XmlElement& element) {
    const NodeMaker& nodes = document.nodes;
    auto members = nodes.map(element.offset);
    for (const XmlElement& child : element.children) {
        const XmlAttribute* expr = child.attribute("expr");
        const XmlAttribute* value = expr != nullptr ? expr : child.attribute("location");
        const XmlAttribute* name = child.attribute("name");
        if (child.is("content") && expr != nullptr) {
            return nodes.braced(*expr);
        }
        if (child.is("content")) {
            const auto literal = literal_content(child);
            return literal
                       ? nodes.json(escaped_literal(std::get<boost::json::value>(literal->node)),
                                    child.offset)
                       : nullptr;
        }
        if (child.is("param") && name != nullptr && value != nullptr) {
            nodes.put(*members, name->value, nodes.braced(*value));
        }
    }
    return members->entries.empty() ? nullptr : members;
}

}  // namespace sillage
