#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/detail/xml.hpp"
#include "engine/yaml/node.hpp"

namespace sillage {

/// Makes the nodes of a workflow's tree from the XML that says the same.
class NodeMaker {
  public:
    explicit NodeMaker(const SourceText& source) : source_(source) {}

    /// A text that is said to stand at that byte as a whole.
    [[nodiscard]] NodePtr text(std::string text, std::size_t offset) const;
    /// An attribute's value, character by character.
    [[nodiscard]] NodePtr value(const XmlAttribute& attribute) const;
    /// An expression where a value is asked: `${expr}`, or the literal that it is.
    [[nodiscard]] NodePtr braced(const XmlAttribute& attribute) const;
    /// A literal text where a value is asked: its `${` is none.
    [[nodiscard]] NodePtr literal(std::string_view text, std::size_t offset) const;
    [[nodiscard]] NodePtr json(const boost::json::value& json, std::size_t offset) const;
    [[nodiscard]] NodePtr list(std::vector<NodePtr> items, std::size_t offset) const;
    [[nodiscard]] std::shared_ptr<Node> map(std::size_t offset) const;
    /// Adds an entry; keys of a map may come several times.
    void put(Node& map, std::string key, NodePtr value) const;
    [[nodiscard]] NodePtr truth(bool value, std::size_t offset) const;

  private:
    [[nodiscard]] std::shared_ptr<Node> node(NodeKind kind, std::size_t offset) const;

    const SourceText& source_;
};

/// A literal as a value: its texts are no templates.
[[nodiscard]] boost::json::value escaped_literal(const boost::json::value& value);

/// The text with each `${` written `$${`.
[[nodiscard]] std::string escaped_template(std::string_view text);

}  // namespace sillage
