#pragma once

#include "engine/formats/detail/scxml_reading.hpp"
#include "engine/formats/detail/tree_nodes.hpp"

namespace sillage {

/// What makes a workflow's tree again of the document that `convert` wrote.
struct DocumentReading {
    ScxmlReading& reading;
    NodeMaker nodes;
};

/// The JSON inside an element of ours as a node; nothing, and the finding, when it is none.
[[nodiscard]] NodePtr extension_value(DocumentReading& document, const XmlElement& element);

/// The executable content inside an element as a list of actions (language.md, section 5).
[[nodiscard]] NodePtr action_nodes(DocumentReading& document, const XmlElement& element);

/// `param` and `content` inside an element as a value; null when there are none.
[[nodiscard]] NodePtr payload_node(DocumentReading& document, const XmlElement& element);

}  // namespace sillage
