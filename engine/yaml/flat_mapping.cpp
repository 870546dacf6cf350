#include "engine/yaml/flat_mapping.hpp"

#include <algorithm>

#include "engine/yaml/detail/tree.hpp"

namespace sillage {

namespace {

/// Nothing but blank lines and comments: to YAML no document at all.
bool says_nothing(std::string_view text) {
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin != std::string_view::npos && line[begin] != '#') {
            return false;
        }
    }
    return true;
}

void read_entries(const Node& root, FlatMapping& mapping, Findings& findings) {
    if (root.kind == NodeKind::broken) {
        return;
    }
    if (root.kind != NodeKind::map) {
        findings.error(root.place, "not-a-mapping", "This must be a mapping of names to values.");
        return;
    }
    for (const Node::Entry& entry : root.entries) {
        if (entry.value->kind == NodeKind::broken) {
            continue;
        }
        if (!entry.value->is_scalar()) {
            findings.error(entry.value->place, "not-a-scalar",
                           quoted(entry.key->text) + " must be a single value, not " +
                               describe(*entry.value) + ".");
            continue;
        }
        mapping.entries.push_back(FlatMapping::Entry{
            .name = entry.key->text, .text = entry.value->text, .place = entry.key->place});
    }
}

}  // namespace

FlatMapping read_flat_mapping(std::string_view text, std::string_view file) {
    FlatMapping mapping;
    if (says_nothing(text)) {
        return mapping;
    }
    Findings findings(file);
    const SourceText source(text);
    if (check_text(source, findings)) {
        if (const NodePtr root = build_tree(source, findings)) {
            read_entries(*root, mapping, findings);
        }
    }
    mapping.findings = findings.take();
    return mapping;
}

}  // namespace sillage
