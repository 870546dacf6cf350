#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/yaml/source.hpp"

namespace sillage {

inline constexpr std::string_view scxml_namespace = "http://www.w3.org/2005/07/scxml";
/// Of the elements and attributes that say what SCXML cannot (README.md of this room).
inline constexpr std::string_view sillage_namespace = "https://sillage.dev/scxml";

/// Levels of elements (language.md, section 2).
inline constexpr std::size_t xml_depth_max = 32;

struct XmlAttribute {
    /// Namespace URI; empty for an attribute without a prefix, which belongs to its element.
    std::string space = {};
    std::string name = {};
    /// Entities decoded.
    std::string value = {};
    /// First bytes of name and value in the source.
    std::size_t offset = 0;
    std::size_t value_offset = 0;
};

struct XmlElement {
    /// Namespace URI; empty for none.
    std::string space = {};
    std::string name = {};
    /// Of its name in the source, and the byte after its start tag.
    std::size_t offset = 0;
    std::size_t content_offset = 0;
    /// In order; those that declare namespaces are left out.
    std::vector<XmlAttribute> attributes = {};
    std::vector<XmlElement> children = {};
    /// The character data directly inside, and where it begins; entities decoded.
    std::string text = {};
    std::size_t text_offset = 0;
    /// The elements inside as XML text; filled in for `content`, `data` and `assign`.
    std::string markup = {};

    /// An attribute without prefix, or null.
    [[nodiscard]] const XmlAttribute* attribute(std::string_view attribute_name) const;
    /// An attribute of our namespace, or null.
    [[nodiscard]] const XmlAttribute* extension(std::string_view attribute_name) const;
    /// SCXML's element of that name. A document may leave the namespace out.
    [[nodiscard]] bool is(std::string_view element_name) const;
    /// SCXML's, or without a namespace.
    [[nodiscard]] bool is_scxml() const;
    [[nodiscard]] bool is_extension(std::string_view element_name) const;
};

/// Reads one XML document without any DTD: what XML asks for and pugixml lets pass is refused here.
/// Nothing, and the findings, when it cannot be read. Codes: `syntax`, `doctype`, `too-deep`,
/// `entity`, `duplicate-attribute`, `prefix`.
[[nodiscard]] std::optional<XmlElement> parse_xml(const SourceText& source, Findings& findings);

/// Character data or the value of an attribute, escaped. Line ends too: it stays one line.
[[nodiscard]] std::string escaped_xml(std::string_view text);

/// The text without white space at its ends, and one blank for each run of it inside.
[[nodiscard]] std::string space_normalised(std::string_view text);

}  // namespace sillage
