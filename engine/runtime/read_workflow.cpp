#include "engine/runtime/read_workflow.hpp"

#include <algorithm>

#include "engine/formats/scxml.hpp"
#include "engine/yaml/read.hpp"

namespace sillage {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool begins_as_xml(std::string_view text) {
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text.starts_with('<');
}

}  // namespace

ReadOutcome read_workflow(std::string_view text, std::string_view file,
                          const Neighbours& neighbours) {
    return begins_as_xml(text) || file.ends_with(".scxml") ? read_scxml(text, file, neighbours)
                                                           : read_definition(text, file);
}

Result<std::shared_ptr<const Definition>> read_document(const std::string& text) {
    ReadOutcome outcome = read_workflow(text, "document");
    if (outcome.definition == nullptr) {
        const auto error = std::ranges::find(outcome.findings, Severity::error, &Finding::severity);
        return Error{.code = ErrorCode::definition_invalid,
                     .message = error == outcome.findings.end() ? "The document cannot be read."
                                                                : to_string(*error)};
    }
    return std::move(outcome.definition);
}

}  // namespace sillage
