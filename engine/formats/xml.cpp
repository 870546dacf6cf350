#include "engine/formats/detail/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

namespace sillage {
namespace {

constexpr std::string_view blank = " \t\r\n";
constexpr std::array<std::string_view, 3> elements_with_markup = {"content", "data", "assign"};

/// Prefix to URI; the innermost declaration counts.
using Namespaces = std::map<std::string, std::string, std::less<>>;

/// A name as it stands in a tag.
struct Spelt {
    std::string_view prefix = {};
    std::string_view local = {};
};

Spelt spelt(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos
               ? Spelt{.local = name}
               : Spelt{.prefix = name.substr(0, colon), .local = name.substr(colon + 1)};
}

bool is_xml_char(std::uint32_t c) {
    return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// `lt`, `#10`, `#x2F`: what may stand between `&` and `;`.
bool is_reference(std::string_view name) {
    constexpr std::array<std::string_view, 5> predefined = {"lt", "gt", "amp", "apos", "quot"};
    if (std::ranges::find(predefined, name) != predefined.end()) {
        return true;
    }
    const bool hexadecimal = name.starts_with("#x");
    const auto digits = name.substr(std::min<std::size_t>(hexadecimal ? 2 : 1, name.size()));
    if (!name.starts_with('#') || digits.empty() || digits.size() > 8) {
        return false;
    }
    std::uint32_t value = 0;
    for (const char c : digits) {
        const bool decimal = c >= '0' && c <= '9';
        const char lower = static_cast<char>(c | 0x20);
        if (!decimal && !(hexadecimal && lower >= 'a' && lower <= 'f')) {
            return false;
        }
        const auto digit = static_cast<std::uint32_t>(decimal ? c - '0' : lower - 'a' + 10);
        value = value * (hexadecimal ? 16U : 10U) + digit;
    }
    return is_xml_char(value);
}

/// The byte after what begins at `at` and is no markup to look into; `at` when nothing does.
std::size_t after_opaque(std::string_view text, std::size_t at) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> opaque = {
        {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}};
    for (const auto& [open, close] : opaque) {
        if (text.substr(at).starts_with(open)) {
            const std::size_t end = text.find(close, at + open.size());
            return end == std::string_view::npos ? text.size() : end + close.size();
        }
    }
    return at;
}

/// pugixml leaves a reference that it does not know as it stands; XML has no such thing.
bool check_references(const SourceText& source, Findings& findings) {
    const std::string_view text = source.text();
    bool sound = true;
    for (std::size_t at = text.find_first_of("<&"); at != std::string_view::npos;
         at = text.find_first_of("<&", at)) {
        const std::size_t after = after_opaque(text, at);
        if (after == at && text[at] == '&') {
            const std::size_t end = text.find_first_of(";<\"' \t\r\n", at + 1);
            const bool closed = end != std::string_view::npos && text[end] == ';';
            if (!closed || !is_reference(text.substr(at + 1, end - at - 1))) {
                findings.error(source.place_of(at), "entity",
                               "XML knows &lt; &gt; &amp; &apos; &quot; and numbers such as &#10; "
                               "here; a literal & is written &amp;");
                sound = false;
            }
        }
        at = std::max(after, at + 1);
    }
    return sound;
}

/// An attribute's name and value as they stand in a start tag.
struct RawAttribute {
    std::string_view name = {};
    std::size_t offset = 0;
    std::size_t value_offset = 0;
};

struct RawTag {
    std::vector<RawAttribute> attributes = {};
    std::size_t end = 0;
};

/// Scans the start tag whose name stands at `name_offset`; pugixml has found it well-formed.
RawTag scan_tag(std::string_view text, std::size_t name_offset) {
    RawTag tag;
    std::size_t at = std::min(text.find_first_of(" \t\r\n/>", name_offset), text.size());
    while (true) {
        at = std::min(text.find_first_not_of(blank, at), text.size());
        if (at >= text.size() || text[at] == '>' || text[at] == '/') {
            tag.end = std::min(text.find('>', at), text.size() - 1) + 1;
            return tag;
        }
        const std::size_t name_end = std::min(text.find_first_of("= \t\r\n", at), text.size());
        const std::size_t quote = std::min(text.find_first_of("\"'", name_end), text.size() - 1);
        tag.attributes.push_back(
            {.name = text.substr(at, name_end - at), .offset = at, .value_offset = quote + 1});
        const std::size_t close = text.find(text[quote], quote + 1);
        at = close == std::string_view::npos ? text.size() : close + 1;
    }
}

/// Turns pugixml's tree into ours, checking what pugixml does not.
class TreeReader {
  public:
    TreeReader(const SourceText& source, Findings& findings)
        : source_(source), findings_(findings) {}

    XmlElement read(const pugi::xml_node& node, Namespaces namespaces, std::size_t depth) {
        XmlElement element{.offset = static_cast<std::size_t>(node.offset_debug())};
        if (depth > xml_depth_max) {
            error(element.offset, "too-deep",
                  fmt::format("elements may be nested {} levels deep", xml_depth_max));
            return element;
        }
        const RawTag tag = scan_tag(source_.text(), element.offset);
        element.content_offset = tag.end;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            declare(attribute, namespaces);
        }
        const Spelt name = spelt(node.name());
        element.name = std::string(name.local);
        element.space = resolve(name.prefix, namespaces, element.offset);
        read_attributes(node, tag, namespaces, element);
        read_content(node, namespaces, depth, element);
        return element;
    }

  private:
    void error(std::size_t offset, std::string code, std::string message) {
        findings_.error(source_.place_of(offset), std::move(code), std::move(message));
    }

    static void declare(const pugi::xml_attribute& attribute, Namespaces& namespaces) {
        const std::string_view name = attribute.name();
        if (name == "xmlns") {
            namespaces[""] = attribute.value();
        } else if (name.starts_with("xmlns:")) {
            namespaces[std::string(name.substr(6))] = attribute.value();
        }
    }

    std::string resolve(std::string_view prefix, const Namespaces& namespaces, std::size_t offset) {
        const auto found = namespaces.find(prefix);
        if (found != namespaces.end()) {
            return found->second;
        }
        if (!prefix.empty() && prefix != "xml") {
            error(offset, "prefix",
                  fmt::format("the prefix {} is declared by no xmlns:{}", prefix, prefix));
        }
        return prefix.empty() ? std::string() : "prefix:" + std::string(prefix);
    }

    void read_attributes(const pugi::xml_node& node, const RawTag& tag,
                         const Namespaces& namespaces, XmlElement& element) {
        std::size_t position = 0;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const RawAttribute raw =
                position < tag.attributes.size() ? tag.attributes[position] : RawAttribute{};
            ++position;
            const Spelt name = spelt(attribute.name());
            if (name.prefix == "xmlns" || std::string_view(attribute.name()) == "xmlns") {
                continue;
            }
            std::string space =
                name.prefix.empty() ? "" : resolve(name.prefix, namespaces, raw.offset);
            const bool known = std::ranges::any_of(element.attributes, [&](const auto& other) {
                return other.name == name.local && other.space == space;
            });
            if (known) {
                error(raw.offset, "duplicate-attribute",
                      fmt::format("the attribute {} stands twice in this tag", attribute.name()));
                continue;
            }
            element.attributes.push_back({.space = std::move(space),
                                          .name = std::string(name.local),
                                          .value = attribute.value(),
                                          .offset = raw.offset,
                                          .value_offset = raw.value_offset});
        }
    }

    void read_content(const pugi::xml_node& node, const Namespaces& namespaces, std::size_t depth,
                      XmlElement& element) {
        for (const pugi::xml_node& child : node.children()) {
            if (child.type() == pugi::node_element) {
                element.children.push_back(read(child, namespaces, depth + 1));
            } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
                if (element.text.empty()) {
                    element.text_offset = static_cast<std::size_t>(child.offset_debug());
                }
                element.text += child.value();
            }
        }
        const bool keeps =
            std::ranges::find(elements_with_markup, element.name) != elements_with_markup.end();
        if (keeps && !element.children.empty()) {
            std::ostringstream markup;
            for (const pugi::xml_node& child : node.children()) {
                child.print(markup, "", pugi::format_raw | pugi::format_no_declaration);
            }
            element.markup = markup.str();
        }
    }

    const SourceText& source_;
    Findings& findings_;
};

/// The one element that a document has; null and the finding when there is none, or a DOCTYPE.
pugi::xml_node root_of(const pugi::xml_document& document, const SourceText& source,
                       Findings& findings) {
    pugi::xml_node root;
    for (const pugi::xml_node& node : document.children()) {
        const auto place = source.place_of(
            static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)));
        if (node.type() == pugi::node_doctype) {
            findings.error(place, "doctype",
                           "a document type declaration may not stand in a workflow file: it can "
                           "define entities and name other files");
            return {};
        }
        if (node.type() == pugi::node_element && root) {
            findings.error(place, "syntax", "an XML document has one outermost element");
            return {};
        }
        if (node.type() == pugi::node_element) {
            root = node;
        }
    }
    if (!root) {
        findings.error({1, 1}, "empty", "the file holds no XML element");
    }
    return root;
}

}  // namespace

const XmlAttribute* XmlElement::attribute(std::string_view attribute_name) const {
    const auto found = std::ranges::find_if(attributes, [&](const XmlAttribute& one) {
        return one.space.empty() && one.name == attribute_name;
    });
    return found == attributes.end() ? nullptr : &*found;
}

const XmlAttribute* XmlElement::extension(std::string_view attribute_name) const {
    const auto found = std::ranges::find_if(attributes, [&](const XmlAttribute& one) {
        return one.space == sillage_namespace && one.name == attribute_name;
    });
    return found == attributes.end() ? nullptr : &*found;
}

bool XmlElement::is_scxml() const { return space.empty() || space == scxml_namespace; }

bool XmlElement::is(std::string_view element_name) const {
    return is_scxml() && name == element_name;
}

bool XmlElement::is_extension(std::string_view element_name) const {
    return space == sillage_namespace && name == element_name;
}

std::optional<XmlElement> parse_xml(const SourceText& source, Findings& findings) {
    if (!check_references(source, findings)) {
        return std::nullopt;
    }
    pugi::xml_document document;
    const auto text = source.text();
    const pugi::xml_parse_result parsed = document.load_buffer(
        text.data(), text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    if (!parsed) {
        const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0));
        findings.error(source.place_of(at), "syntax",
                       fmt::format("this is not well-formed XML: {}", parsed.description()));
        return std::nullopt;
    }
    const pugi::xml_node root = root_of(document, source, findings);
    if (!root) {
        return std::nullopt;
    }
    const std::size_t errors_before = findings.error_count();
    XmlElement element = TreeReader(source, findings).read(root, {}, 1);
    if (findings.error_count() > errors_before) {
        return std::nullopt;
    }
    return element;
}

std::string escaped_xml(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\n':
                result += "&#10;";
                break;
            case '\r':
                result += "&#13;";
                break;
            case '\t':
                result += "&#9;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string space_normalised(std::string_view text) {
    std::string result;
    for (std::size_t at = text.find_first_not_of(blank); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blank, at), text.size());
        result += (result.empty() ? "" : " ") + std::string(text.substr(at, end - at));
        at = text.find_first_not_of(blank, end);
    }
    return result;
}

}  // namespace sillage
