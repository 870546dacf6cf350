#include "tests/conformance/document.hpp"

#include <algorithm>

#include "engine/formats/scxml.hpp"
#include "tests/conformance/suite.hpp"

namespace sillage::test {

Neighbours neighbours_of(const std::filesystem::path& document) {
    return [folder = document.parent_path()](std::string_view path) -> Result<std::string> {
        return read_text(folder / path);
    };
}

Result<DefinitionPointer> read_document(const std::filesystem::path& path) {
    SILLAGE_TRY(const std::string text, read_text(path));
    ReadOutcome outcome = read_scxml(text, path.string(), neighbours_of(path));
    if (outcome.definition) {
        return std::move(outcome.definition);
    }
    const auto error = std::ranges::find(outcome.findings, Severity::error, &Finding::severity);
    return Error{
        .code = ErrorCode::definition_invalid,
        .message = error == outcome.findings.end() ? "it cannot be read" : to_string(*error)};
}

}  // namespace sillage::test
