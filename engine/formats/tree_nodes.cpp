#include "engine/formats/detail/tree_nodes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/json.hpp"

namespace sillage {

std::shared_ptr<Node> NodeMaker::node(NodeKind kind, std::size_t offset) const {
    auto made = std::make_shared<Node>();
    made->kind = kind;
    made->style = ScalarStyle::whole;
    made->offset = offset;
    made->place = source_.place_of(offset);
    return made;
}

NodePtr NodeMaker::text(std::string text, std::size_t offset) const {
    auto made = node(NodeKind::text, offset);
    made->text = std::move(text);
    return made;
}

NodePtr NodeMaker::value(const XmlAttribute& attribute) const {
    auto made = node(NodeKind::text, attribute.value_offset);
    made->style = ScalarStyle::xml;
    made->text = attribute.value;
    return made;
}

NodePtr NodeMaker::braced(const XmlAttribute& attribute) const {
    // CEL writes JSON's values as JSON does; as such they need no evaluation.
    if (const auto literal = parse_json(attribute.value)) {
        return json(escaped_literal(literal.value()), attribute.value_offset);
    }
    return text("${" + attribute.value + "}", attribute.value_offset);
}

NodePtr NodeMaker::literal(std::string_view text_value, std::size_t offset) const {
    return text(escaped_template(text_value), offset);
}

NodePtr NodeMaker::truth(bool value, std::size_t offset) const {
    auto made = node(NodeKind::boolean, offset);
    made->text = value ? "true" : "false";
    return made;
}

NodePtr NodeMaker::json(const boost::json::value& json_value, std::size_t offset) const {
    if (const auto* object = json_value.if_object()) {
        auto made = map(offset);
        for (const boost::json::key_value_pair& member : *object) {
            put(*made, std::string(member.key()), json(member.value(), offset));
        }
        return made;
    }
    if (const auto* array = json_value.if_array()) {
        std::vector<NodePtr> items;
        for (const boost::json::value& item : *array) {
            items.push_back(json(item, offset));
        }
        return list(std::move(items), offset);
    }
    if (const auto* string = json_value.if_string()) {
        return text(std::string(*string), offset);
    }
    if (json_value.is_bool()) {
        return truth(json_value.get_bool(), offset);
    }
    auto made = node(json_value.is_null() ? NodeKind::null : NodeKind::number, offset);
    made->text = to_json_text(json_value);
    return made;
}

NodePtr NodeMaker::list(std::vector<NodePtr> items, std::size_t offset) const {
    auto made = node(NodeKind::list, offset);
    made->items = std::move(items);
    return made;
}

std::shared_ptr<Node> NodeMaker::map(std::size_t offset) const {
    return node(NodeKind::map, offset);
}

void NodeMaker::put(Node& map, std::string key, NodePtr value) const {
    auto name = node(NodeKind::text, value->offset);
    name->text = std::move(key);
    map.entries.push_back({.key = std::move(name), .value = std::move(value)});
}

boost::json::value escaped_literal(const boost::json::value& value) {
    if (const auto* text = value.if_string()) {
        return boost::json::value(escaped_template(*text));
    }
    if (const auto* array = value.if_array()) {
        boost::json::array result;
        std::ranges::transform(*array, std::back_inserter(result), escaped_literal);
        return result;
    }
    if (const auto* object = value.if_object()) {
        boost::json::object result;
        for (const boost::json::key_value_pair& member : *object) {
            result.emplace(member.key(), escaped_literal(member.value()));
        }
        return result;
    }
    return value;
}

std::string escaped_template(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "${") {
            result += '$';
        }
        result += text[i];
    }
    return result;
}

}  // namespace sillage
