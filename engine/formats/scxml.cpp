#include "engine/formats/scxml.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/formats/detail/scxml_reading.hpp"
#include "engine/formats/detail/workflow_document.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

/// What a document without a name is called: `export` in `flows/export.scxml`, and again when it
/// was published and is read as `export@1`.
std::string stem_of(std::string_view file) {
    constexpr std::string_view extension = ".scxml";
    file.remove_prefix(std::min(file.rfind('/') + 1, file.size()));
    if (file.ends_with(extension)) {
        file.remove_suffix(extension.size());
    }
    return std::string(file.substr(0, file.rfind('@')));
}

}  // namespace

ReadOutcome read_scxml(std::string_view text, std::string_view file, const Neighbours& neighbours) {
    const SourceText source(text);
    Findings findings(file);
    const auto root =
        check_text(source, findings) ? parse_xml(source, findings) : std::optional<XmlElement>();
    if (!root) {
        return {.findings = findings.take()};
    }
    Bundle bundle = bundle_neighbours(*root, source, neighbours);
    if (bundle.text.size() > definition_bytes_max) {
        findings.error(source.place_of(root->offset), "too-large",
                       "with the files that it refers to, a document has at most 256 KiB");
        return {.findings = findings.take()};
    }
    const std::string hash = "sha256:" + sha256_hex(bundle.text);
    ScxmlFile shared{.neighbours = bundle.neighbours};
    ScxmlReading plain{.source = source, .findings = findings, .file = shared, .hash = hash};
    Definition definition = is_workflow_document(*root)
                                ? read_workflow_document(*root, source, findings)
                                : *read_document(plain, *root);
    const bool sound = !findings.has_errors();
    ReadOutcome outcome{.findings = findings.take()};
    std::ranges::move(shared.findings_elsewhere, std::back_inserter(outcome.findings));
    if (!sound) {
        return outcome;
    }
    definition.name = definition.name.empty() ? stem_of(file) : definition.name;
    definition.hash = hash;
    definition.source = std::move(bundle.text);
    complete(definition);  // anew: its index has views of the texts of the one it was copied from
    outcome.definition = std::make_shared<const Definition>(std::move(definition));
    return outcome;
}

}  // namespace sillage
