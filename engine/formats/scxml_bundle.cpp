#include "engine/formats/detail/scxml_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

/// Collects neighbours, depth first in document order.
class Collector {
  public:
    Collector(const Neighbours& load, std::vector<Neighbour> known)
        : load_(load), neighbours_(std::move(known)) {}

    void visit_document(const XmlElement& root, const std::string& folder) {
        visit(root, folder);
        if (uses_srcexpr(root)) {
            visit_texts(root, folder);
        }
    }

    [[nodiscard]] std::vector<Neighbour> take() { return std::move(neighbours_); }

  private:
    static bool uses_srcexpr(const XmlElement& element) {
        return (element.is("invoke") && element.attribute("srcexpr") != nullptr) ||
               std::ranges::any_of(element.children, uses_srcexpr);
    }

    void visit(const XmlElement& element, const std::string& folder) {
        const bool refers = element.is("invoke") || element.is("data");
        if (const auto* src = refers ? element.attribute("src") : nullptr) {
            load(folder, src->value, element.is("invoke"));
        }
        for (const XmlElement& child : element.children) {
            visit(child, folder);
        }
    }

    void visit_texts(const XmlElement& element, const std::string& folder) {
        for (const XmlAttribute& attribute : element.attributes) {
            visit_literals(attribute.value, folder);
        }
        for (const XmlElement& child : element.children) {
            visit_texts(child, folder);
        }
    }

    /// The quoted texts of an expression that may be the name of a document.
    void visit_literals(std::string_view expression, const std::string& folder) {
        for (std::size_t open = expression.find_first_of("'\""); open != std::string_view::npos;
             open = expression.find_first_of("'\"", open)) {
            const std::size_t close = expression.find(expression[open], open + 1);
            if (close == std::string_view::npos) {
                return;
            }
            const auto text = expression.substr(open + 1, close - open - 1);
            if (text.ends_with(".scxml")) {
                load(folder, text, true);
            }
            open = close + 1;
        }
    }

    void load(const std::string& folder, std::string_view src, bool is_document) {
        const auto path = neighbour_path(folder, src);
        if (!path || std::ranges::find(visited_, *path) != visited_.end() ||
            visited_.size() >= neighbours_max) {
            return;
        }
        visited_.push_back(*path);
        if (find_neighbour(neighbours_, *path) == nullptr) {
            auto text = load_ ? load_(*path) : Result<std::string>(Error{});
            if (!text) {
                return;
            }
            neighbours_.push_back({.path = *path, .text = std::move(text).value()});
        }
        if (is_document) {
            visit_text(*path);
        }
    }

    /// What cannot be read is found again, with its findings, by whoever reads it.
    void visit_text(const std::string& path) {
        const std::string text = find_neighbour(neighbours_, path)->text;
        const SourceText source(text);
        Findings unheard("");
        if (!check_text(source, unheard)) {
            return;
        }
        if (const auto root = parse_xml(source, unheard)) {
            visit_document(*root, folder_of(path));
        }
    }

    const Neighbours& load_;
    std::vector<Neighbour> neighbours_;
    std::vector<std::string> visited_;
};

}  // namespace

std::optional<std::string> neighbour_path(std::string_view folder, std::string_view src) {
    if (src.starts_with("file:")) {
        src.remove_prefix(5);
    }
    if (src.empty() || src.starts_with('/') || src.find_first_of(":\\") != std::string_view::npos) {
        return std::nullopt;
    }
    std::string path(folder);
    while (!src.empty()) {
        const auto part = src.substr(0, src.find('/'));
        src.remove_prefix(std::min(part.size() + 1, src.size()));
        if (part == "..") {
            return std::nullopt;
        }
        if (!part.empty() && part != ".") {
            path += (path.empty() || path.ends_with('/') ? "" : "/") + std::string(part);
        }
    }
    return path;
}

std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

const Neighbour* find_neighbour(const std::vector<Neighbour>& neighbours, std::string_view path) {
    const auto found = std::ranges::find(neighbours, path, &Neighbour::path);
    return found == neighbours.end() ? nullptr : &*found;
}

Bundle bundle_neighbours(const XmlElement& root, const SourceText& source,
                         const Neighbours& neighbours) {
    std::vector<Neighbour> inside;
    for (const XmlElement& child : root.children) {
        const auto* path = child.is_extension("neighbour") ? child.attribute("path") : nullptr;
        if (path != nullptr) {
            inside.push_back({.path = path->value, .text = child.text});
        }
    }
    const std::size_t known_count = inside.size();
    Collector collector(neighbours, std::move(inside));
    collector.visit_document(root, "");
    Bundle bundle{.neighbours = collector.take(), .text = std::string(source.text())};
    std::string added;
    for (std::size_t i = known_count; i < bundle.neighbours.size(); ++i) {
        const Neighbour& neighbour = bundle.neighbours[i];
        added +=
            fmt::format(R"(<sillage:neighbour xmlns:sillage="{}" path="{}">{})", sillage_namespace,
                        escaped_xml(neighbour.path), escaped_xml(neighbour.text)) +
            "</sillage:neighbour>";
    }
    bundle.text.insert(root.content_offset, added);
    return bundle;
}

}  // namespace sillage
