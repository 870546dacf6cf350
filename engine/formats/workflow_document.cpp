#include "engine/formats/detail/workflow_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/formats/detail/document_actions.hpp"
#include "engine/model/index.hpp"
#include "engine/yaml/read.hpp"

namespace sillage {
namespace {

bool is_state_element(const XmlElement& element) {
    return element.is("state") || element.is("parallel") || element.is("final") ||
           element.is("history");
}

/// The elements of ours inside become keys, but for those that others read.
void put_extensions(DocumentReading& document, const XmlElement& element, Node& map) {
    for (const XmlElement& child : element.children) {
        const bool is_key =
            child.space == sillage_namespace && child.name != "after" && child.name != "neighbour";
        const NodePtr value = is_key ? extension_value(document, child) : nullptr;
        if (value) {
            document.nodes.put(map, child.name, value);
        }
    }
}

/// One id, or a list of them.
NodePtr targets_node(DocumentReading& document, const XmlAttribute& attribute) {
    std::vector<NodePtr> ids;
    for (const Word& word : words_of(attribute.value)) {
        ids.push_back(document.nodes.text(std::string(word.text),
                                          offset_in(document.reading, attribute, word.offset)));
    }
    return ids.size() == 1 ? ids.front()
                           : document.nodes.list(std::move(ids), attribute.value_offset);
}

bool has_extension(const XmlElement& element, std::string_view name) {
    return std::ranges::any_of(element.children,
                               [&](const XmlElement& child) { return child.is_extension(name); });
}

NodePtr transition_node(DocumentReading& document, const XmlElement& element) {
    static constexpr std::array<std::string_view, 6> keys = {"by",    "form",        "guard",
                                                             "title", "description", "meta"};
    const NodeMaker& nodes = document.nodes;
    auto map = nodes.map(element.offset);
    XmlElement actions = element;
    std::erase_if(actions.children, [&](const XmlElement& child) {
        const bool is_key =
            child.space == sillage_namespace && std::ranges::find(keys, child.name) != keys.end();
        if (const NodePtr value = is_key ? extension_value(document, child) : nullptr) {
            nodes.put(*map, child.name, value);
        }
        return is_key;
    });
    const XmlAttribute* cond = element.attribute("cond");
    if (cond != nullptr && !has_extension(element, "guard")) {
        nodes.put(*map, "guard", nodes.value(*cond));
    }
    const XmlAttribute* target = element.attribute("target");
    if (target != nullptr) {
        nodes.put(*map, "target", targets_node(document, *target));
        const XmlAttribute* type = element.attribute("type");
        nodes.put(*map, "reenter",
                  nodes.truth(type == nullptr || type->value != "internal", element.offset));
    }
    if (!actions.children.empty()) {
        nodes.put(*map, "actions", action_nodes(document, actions));
    }
    return map;
}

/// A duration of `<sillage:after>` and the event of its timer.
struct Delayed {
    NodePtr duration = nullptr;
    std::string event = {};
    std::vector<NodePtr> transitions = {};
};

std::vector<Delayed> delays_of(DocumentReading& document, const XmlElement& element,
                               const std::string& id) {
    std::vector<Delayed> delays;
    const auto after = std::ranges::find_if(
        element.children, [](const XmlElement& child) { return child.is_extension("after"); });
    const NodePtr list =
        after == element.children.end() ? nullptr : extension_value(document, *after);
    std::size_t computed_count = 0;
    for (const NodePtr& item : list ? list->items : std::vector<NodePtr>{}) {
        const auto duration = parse_duration(item->text);
        const std::string length =
            duration ? to_iso(duration.value()) : fmt::format("computed-{}", ++computed_count);
        delays.push_back({.duration = item,
                          .event = fmt::format("after.{}{}{}", id, id.empty() ? "" : ".", length)});
    }
    return delays;
}

/// The transitions in document order: those of `after` where the first of them stands, as a
/// workflow's file has them together.
void put_transitions(DocumentReading& document, const XmlElement& element, const std::string& id,
                     Node& map) {
    const NodeMaker& nodes = document.nodes;
    std::vector<Delayed> delays = delays_of(document, element, id);
    auto after = nodes.map(element.offset);
    for (const XmlElement& child : element.children) {
        if (!child.is("transition")) {
            continue;
        }
        const NodePtr transition = transition_node(document, child);
        const XmlAttribute* event = child.attribute("event");
        if (event == nullptr) {
            nodes.put(map, "always", transition);
            continue;
        }
        for (const Word& word : words_of(event->value)) {
            const auto delayed = std::ranges::find(delays, word.text, &Delayed::event);
            if (delayed == delays.end()) {
                auto on = nodes.map(child.offset);
                nodes.put(*on, std::string(word.text), transition);
                nodes.put(map, "on", on);
                continue;
            }
            if (std::ranges::none_of(
                    map.entries, [&](const Node::Entry& entry) { return entry.value == after; })) {
                nodes.put(map, "after", after);
            }
            delayed->transitions.push_back(transition);
        }
    }
    for (Delayed& delayed : delays) {
        after->entries.push_back(
            {.key = delayed.duration,
             .value = nodes.list(std::move(delayed.transitions), element.offset)});
    }
    const bool unplaced = std::ranges::none_of(
        map.entries, [&](const Node::Entry& entry) { return entry.value == after; });
    if (unplaced && !delays.empty()) {
        nodes.put(map, "after", after);
    }
}

void put_initial(DocumentReading& document, const XmlElement& element, Node& map) {
    const NodeMaker& nodes = document.nodes;
    if (const XmlAttribute* initial = element.attribute("initial")) {
        nodes.put(map, "initial", targets_node(document, *initial));
    }
    for (const XmlElement& child : element.children) {
        for (const XmlElement& transition :
             child.is("initial") ? child.children : std::vector<XmlElement>{}) {
            auto entry = nodes.map(transition.offset);
            if (const XmlAttribute* target = transition.attribute("target")) {
                nodes.put(*entry, "target", targets_node(document, *target));
            }
            nodes.put(*entry, "actions", action_nodes(document, transition));
            nodes.put(map, "initial", entry);
        }
    }
}

void put_history(DocumentReading& document, const XmlElement& element, Node& map) {
    const NodeMaker& nodes = document.nodes;
    const XmlAttribute* type = element.attribute("type");
    nodes.put(map, "history",
              type == nullptr ? nodes.text("shallow", element.offset) : nodes.value(*type));
    for (const XmlElement& child : element.children) {
        const XmlAttribute* target = child.is("transition") ? child.attribute("target") : nullptr;
        if (target != nullptr) {
            nodes.put(map, "target", targets_node(document, *target));
        }
        if (child.is("transition") && !child.children.empty()) {
            document.reading.error(child.offset, "unsupported",
                                   "the history of a workflow has no actions of its own");
        }
    }
}

void put_states(DocumentReading& document, const XmlElement& element, const std::string& id,
                Node& map);

/// All of a state but its type and name.
void put_state(DocumentReading& document, const XmlElement& element, const std::string& id,
               Node& map) {
    const NodeMaker& nodes = document.nodes;
    put_extensions(document, element, map);
    if (element.is("history")) {
        put_history(document, element, map);
        return;
    }
    put_initial(document, element, map);
    for (const XmlElement& child : element.children) {
        if (child.is("onentry") || child.is("onexit")) {
            nodes.put(map, child.is("onentry") ? "entry" : "exit", action_nodes(document, child));
        } else if (child.is("donedata")) {
            if (const NodePtr output = payload_node(document, child)) {
                nodes.put(map, "output", output);
            }
        }
    }
    put_transitions(document, element, id, map);
    put_states(document, element, id, map);
}

/// The last part of a state's id, whose other parts must be its parent's id.
std::string name_of(DocumentReading& document, const XmlElement& element,
                    const std::string& parent) {
    const XmlAttribute* id = element.attribute("id");
    const std::string value = id == nullptr ? "" : id->value;
    const std::string prefix = parent.empty() ? "" : parent + ".";
    if (!value.starts_with(prefix) || value.find('.', prefix.size()) != std::string::npos) {
        document.reading.error(
            id == nullptr ? element.offset : id->value_offset, "name",
            fmt::format("the id of a workflow's state is the whole path, {}name", prefix));
    }
    return value.substr(std::min(value.rfind('.') + 1, value.size()));
}

void put_states(DocumentReading& document, const XmlElement& element, const std::string& id,
                Node& map) {
    const NodeMaker& nodes = document.nodes;
    auto states = nodes.map(element.offset);
    for (const XmlElement& child : element.children) {
        if (!is_state_element(child)) {
            continue;
        }
        const std::string name = name_of(document, child, id);
        auto state = nodes.map(child.offset);
        if (!child.is("state") && !child.is("history")) {
            nodes.put(*state, "type", nodes.text(child.name, child.offset));
        }
        put_state(document, child, id.empty() ? name : fmt::format("{}.{}", id, name), *state);
        nodes.put(*states, name, state);
    }
    if (!states->entries.empty()) {
        nodes.put(map, "states", states);
    }
}

void put_context(DocumentReading& document, const XmlElement& root, Node& top) {
    const NodeMaker& nodes = document.nodes;
    auto context = nodes.map(root.offset);
    for (const XmlElement& datamodel : root.children) {
        for (const XmlElement& data :
             datamodel.is("datamodel") ? datamodel.children : std::vector<XmlElement>{}) {
            const XmlAttribute* id = data.attribute("id");
            const auto field = std::ranges::find_if(
                data.children, [](const XmlElement& child) { return child.is_extension("field"); });
            if (id == nullptr || field == data.children.end()) {
                document.reading.error(data.offset, "missing-element",
                                       "the data of a workflow has an id and a <sillage:field>");
                continue;
            }
            if (NodePtr value = extension_value(document, *field)) {
                nodes.put(*context, id->value, value);
            }
        }
    }
    if (!context->entries.empty()) {
        nodes.put(top, "context", context);
    }
}

NodePtr top_node(DocumentReading& document, const XmlElement& root) {
    const NodeMaker& nodes = document.nodes;
    auto top = nodes.map(root.offset);
    const XmlAttribute* version = root.extension("version");
    if (const XmlAttribute* name = root.attribute("name")) {
        nodes.put(*top, "workflow", nodes.value(*name));
    }
    const auto number = parse_json(version->value);
    nodes.put(*top, "version",
              number ? nodes.json(number.value(), version->value_offset) : nodes.value(*version));
    put_context(document, root, *top);
    const auto wrapper = std::ranges::find_if(
        root.children, [](const XmlElement& child) { return child.extension("root") != nullptr; });
    put_extensions(document, root, *top);
    if (wrapper == root.children.end()) {
        put_initial(document, root, *top);
        put_states(document, root, "", *top);
        return top;
    }
    if (wrapper->is("parallel")) {
        nodes.put(*top, "type", nodes.text("parallel", wrapper->offset));
    }
    put_state(document, *wrapper, "", *top);
    return top;
}

}  // namespace

bool is_workflow_document(const XmlElement& root) {
    return root.is("scxml") && root.extension("version") != nullptr;
}

Definition read_workflow_document(const XmlElement& root, const SourceText& source,
                                  Findings& findings) {
    const std::vector<Neighbour> none;
    ScxmlFile file{.neighbours = none};
    ScxmlReading reading{.source = source, .findings = findings, .file = file};
    check_vocabulary(reading, root);
    DocumentReading document{.reading = reading, .nodes = NodeMaker(source)};
    const NodePtr top = top_node(document, root);
    if (findings.has_errors()) {
        return {};
    }
    Definition definition = read_definition_tree(*top, source, findings);
    if (!findings.has_errors()) {
        complete(definition);
    }
    return definition;
}

}  // namespace sillage
