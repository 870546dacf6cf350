#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.hpp"

namespace sillage {

enum class NodeKind {
    null,     ///< `null`, or nothing at all
    boolean,  ///< `true`, `false`
    number,   ///< a JSON number
    text,     ///< every other scalar
    list,
    map,
    broken,  ///< something that has its finding already: whoever reads it keeps silent
};

/// How a scalar is spelt in the source, which decides where a byte of its text stands there.
enum class ScalarStyle {
    plain,
    single_quoted,
    double_quoted,
    block,
    xml,    ///< an attribute's value or character data: entities stand for one character
    whole,  ///< made of what stands at its offset: every byte is said to stand there
};

struct Node;
/// Shared: an alias is the node itself.
using NodePtr = std::shared_ptr<const Node>;

/// One node of the tree that a YAML or JSON text is, aliases and merge keys resolved.
struct Node {
    struct Entry {
        NodePtr key = nullptr;  ///< a scalar
        NodePtr value = nullptr;
    };

    NodeKind kind = NodeKind::null;
    ScalarStyle style = ScalarStyle::plain;
    /// Inside `{}` or `[]`, where commas and brackets end a plain scalar.
    bool in_flow = false;
    /// A scalar's text, as YAML folds and unescapes it, whatever it reads as.
    std::string text = {};
    /// Its first byte in the source, after anchors.
    std::size_t offset = 0;
    Place place = {};
    std::vector<NodePtr> items = {};
    std::vector<Entry> entries = {};
    /// Nodes in it, itself and what its aliases stand for included.
    std::size_t size = 1;
    /// Levels of lists and mappings in it: 0 for a scalar.
    std::size_t height = 0;

    [[nodiscard]] bool is_scalar() const;
    /// The value of that key, or null.
    [[nodiscard]] const Node* find(std::string_view key) const;
    /// The entry of that key, or null.
    [[nodiscard]] const Entry* find_entry(std::string_view key) const;
};

}  // namespace sillage
