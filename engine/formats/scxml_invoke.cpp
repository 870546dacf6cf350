#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

/// Neighbours inside neighbours that are read because a `srcexpr` may name them. Chosen: each level
/// multiplies what is read by the number of files.
constexpr std::size_t candidate_depth_max = 1;

/// Documents that one file may stand for, each counted as often as it is referred to. Chosen: as
/// many as a journey with one track per market could want, many times over.
constexpr std::size_t documents_max = 1'000;

/// Adds a document to those that invokes of this one run; its position.
std::size_t add_inlined(ScxmlReading& reading, std::shared_ptr<const Definition> document,
                        std::string path) {
    reading.definition.inlined.push_back(std::move(document));
    reading.definition.inlined_paths.push_back(std::move(path));
    return reading.definition.inlined.size() - 1;
}

std::string hash_of_next(const ScxmlReading& reading) {
    return fmt::format("{}#{}", reading.hash, reading.definition.inlined.size());
}

std::size_t read_inner(ScxmlReading& reading, const XmlElement& root) {
    ScxmlReading inner{.source = reading.source,
                       .findings = reading.findings,
                       .file = reading.file,
                       .folder = reading.folder,
                       .hash = hash_of_next(reading)};
    return add_inlined(reading, read_document(inner, root), "");
}

/// Reads a neighbour as a document of its own, with findings of its own.
std::optional<std::size_t> read_neighbour(ScxmlReading& reading, const Neighbour& neighbour) {
    ScxmlFile& file = reading.file;
    const SourceText source(neighbour.text);
    Findings findings(neighbour.path);
    std::optional<std::size_t> position;
    const auto root =
        check_text(source, findings) ? parse_xml(source, findings) : std::optional<XmlElement>();
    if (root) {
        ++file.document_count;
        file.open_paths.push_back(neighbour.path);
        ScxmlReading inner{.source = source,
                           .findings = findings,
                           .file = file,
                           .folder = folder_of(neighbour.path),
                           .hash = hash_of_next(reading)};
        const bool is_below = neighbour.path.starts_with(reading.folder);
        position = add_inlined(reading, read_document(inner, *root),
                               is_below ? neighbour.path.substr(reading.folder.size()) : "");
        file.open_paths.pop_back();
    }
    const bool sound = !findings.has_errors();
    for (Finding& finding : findings.take()) {
        file.findings_elsewhere.push_back(std::move(finding));
    }
    return sound ? position : std::nullopt;
}

std::optional<std::size_t> read_src(ScxmlReading& reading, const XmlAttribute& src) {
    const auto path = neighbour_path(reading.folder, src.value);
    const Neighbour* found = path ? find_neighbour(reading.file.neighbours, *path) : nullptr;
    if (found == nullptr) {
        reading.error(src.value_offset, path ? "src-missing" : "src-outside",
                      path ? fmt::format("no file {} lies beside this document", in_message(*path))
                           : fmt::format("{} is not below this document's folder; src names files "
                                         "there only",
                                         in_message(src.value)));
        return std::nullopt;
    }
    if (reading.file.document_count >= documents_max) {
        reading.error(src.value_offset, "too-many-documents",
                      fmt::format("one file may stand for {} documents", documents_max));
        return std::nullopt;
    }
    if (std::ranges::find(reading.file.open_paths, *path) != reading.file.open_paths.end()) {
        reading.error(src.value_offset, "src-cycle",
                      fmt::format("{} invokes itself; name it by srcexpr", in_message(*path)));
        return std::nullopt;
    }
    const auto position = read_neighbour(reading, *found);
    if (!position) {
        reading.error(src.value_offset, "src-unreadable",
                      fmt::format("{} has errors", in_message(*path)));
    }
    return position;
}

/// What `srcexpr` may come to name: every neighbour that is a document without errors.
void add_candidates(ScxmlReading& reading) {
    if (reading.file.open_paths.size() > candidate_depth_max) {
        return;
    }
    for (const Neighbour& neighbour : reading.file.neighbours) {
        const auto& known = reading.definition.inlined_paths;
        const auto& open = reading.file.open_paths;
        const bool fits =
            neighbour.path.ends_with(".scxml") && neighbour.path.starts_with(reading.folder) &&
            std::ranges::find(known, neighbour.path.substr(reading.folder.size())) == known.end() &&
            std::ranges::find(open, neighbour.path) == open.end();
        if (!fits) {
            continue;
        }
        auto& elsewhere = reading.file.findings_elsewhere;
        const std::size_t count = elsewhere.size();
        if (!read_neighbour(reading, neighbour)) {
            elsewhere.resize(count);  // it fails when it is asked for
        }
    }
}

void read_content(ScxmlReading& reading, const XmlElement& content, Invoke& invoke) {
    if (const XmlAttribute* expr = content.attribute("expr")) {
        invoke.source = read_expression(reading, *expr);
        return;
    }
    const auto root = std::ranges::find_if(
        content.children, [](const XmlElement& child) { return child.is("scxml"); });
    if (root != content.children.end()) {
        invoke.inlined = read_inner(reading, *root);
    } else {
        reading.error(content.offset, "missing-element",
                      "the content of an invoke is an <scxml>, or an expr that gives one");
    }
}

void read_which(ScxmlReading& reading, const XmlElement& element, Invoke& invoke) {
    std::size_t count = 0;
    if (const XmlAttribute* src = element.attribute("src")) {
        invoke.inlined = read_src(reading, *src);
        ++count;
    }
    if (const XmlAttribute* srcexpr = element.attribute("srcexpr")) {
        invoke.source = read_expression(reading, *srcexpr);
        add_candidates(reading);
        ++count;
    }
    for (const XmlElement& child : element.children) {
        if (child.is("content")) {
            read_content(reading, child, invoke);
            ++count;
        }
    }
    if (count != 1) {
        reading.error(element.offset, "exclusive-attributes",
                      "an <invoke> has one of src, srcexpr and <content>");
    }
}

/// An empty `finalize` takes over what the child's event has of the values that were handed down.
/// Source: SCXML 6.5.2.
Block copying_block(ScxmlReading& reading, const XmlElement& invoke, Place place) {
    std::vector<std::pair<std::string, std::string>> copies;
    if (const XmlAttribute* namelist = invoke.attribute("namelist")) {
        for (const Word& word : words_of(namelist->value)) {
            copies.emplace_back(word.text, word.text);
        }
    }
    for (const XmlElement& param : invoke.children) {
        const XmlAttribute* name = param.attribute("name");
        const XmlAttribute* location = param.attribute("location");
        if (param.is("param") && name != nullptr && location != nullptr) {
            copies.emplace_back(name->value, location->value);
        }
    }
    Block block;
    for (const auto& [name, field] : copies) {
        if (!find_position(reading.definition, field) || name.find('\'') != std::string::npos) {
            continue;
        }
        IfAction copy{.condition = made_expression(
                          reading,
                          fmt::format("type(_event.data) == map && '{}' in _event.data", name),
                          place)};
        Assign assign{
            .items = {{.path = {field},
                       .value = {.node = made_expression(
                                     reading, fmt::format("_event.data['{}']", name), place)}}}};
        copy.then.push_back({.node = std::move(assign), .place = place});
        block.push_back({.node = std::move(copy), .place = place});
    }
    return block;
}

bool read_autoforward(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* forward = element.attribute("autoforward");
    if (forward != nullptr && forward->value != "true" && forward->value != "false") {
        reading.error(
            forward->value_offset, "unknown-word",
            fmt::format("autoforward is true or false; this is {}", in_message(forward->value)));
    }
    return forward != nullptr && forward->value == "true";
}

void check_type(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* type = element.attribute("type");
    if (type != nullptr && !is_scxml_invoker(type->value)) {
        reading.warning(type->value_offset, "unsupported",
                        fmt::format("nothing of type {} can be invoked here, so this always fails; "
                                    "leave type out, or write scxml",
                                    in_message(type->value)));
    }
}

Invoke read_invoke(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* id = element.attribute("id");
    Invoke invoke{.id = id == nullptr ? "" : id->value,
                  .type = read_either(reading, element, {"type", "typeexpr"}),
                  .input = read_payload(reading, element),
                  .forward = read_autoforward(reading, element),
                  .place = reading.place_of(element.offset)};
    check_type(reading, element);
    if (const XmlAttribute* location = element.attribute("idlocation")) {
        invoke.id_location =
            read_location(reading, *location).value_or(std::vector<std::string>{location->value});
    }
    read_which(reading, element, invoke);
    for (const XmlElement& child : element.children) {
        if (!child.is("finalize")) {
            continue;
        }
        if (invoke.finalize) {
            reading.error(child.offset, "exclusive-elements", "<invoke> has one <finalize>");
        }
        invoke.finalize = child.children.empty() ? copying_block(reading, element, invoke.place)
                                                 : read_block(reading, child);
    }
    return invoke;
}

}  // namespace

std::vector<Invoke> read_invokes(ScxmlReading& reading, const XmlElement& state) {
    std::vector<Invoke> invokes;
    for (const XmlElement& child : state.children) {
        if (child.is("invoke")) {
            invokes.push_back(read_invoke(reading, child));
        }
    }
    return invokes;
}

}  // namespace sillage
