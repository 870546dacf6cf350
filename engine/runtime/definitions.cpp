#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/read_workflow.hpp"
#include "engine/runtime/runtime.hpp"

namespace sillage {

Result<DefinitionPointer> Runtime::compiled(const DefinitionRecord& record) {
    if (const auto known = compiled_.find(record.hash); known != compiled_.end()) {
        return known->second;
    }
    const std::string file = fmt::format("{}@{}", record.name, record.version);
    ReadOutcome outcome = read_workflow(record.source, file);
    if (outcome.definition == nullptr) {
        const auto error = std::ranges::find(outcome.findings, Severity::error, &Finding::severity);
        return Error{.code = ErrorCode::corrupt,
                     .message = error == outcome.findings.end()
                                    ? file + " was published and can no longer be read."
                                    : "This was published: " + to_string(*error)};
    }
    if (outcome.definition->hash != record.hash) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} was published as {} and is {}.", file, record.hash,
                                            outcome.definition->hash)};
    }
    compiled_.emplace(record.hash, outcome.definition);
    return std::move(outcome.definition);
}

Result<DefinitionPointer> Runtime::compiled_document(const std::string& text) {
    if (const auto known = documents_.find(text); known != documents_.end()) {
        return known->second;
    }
    SILLAGE_TRY(DefinitionPointer definition, read_document(text));
    if (documents_.size() >= documents_max) {
        documents_.clear();
    }
    documents_.emplace(text, definition);
    return definition;
}

Result<Published> Work::publish(std::string_view source, std::string_view file, Instant now,
                                std::vector<Finding>* refused) {
    ReadOutcome outcome = read_workflow(source, file);
    if (outcome.definition == nullptr) {
        const auto errors =
            std::ranges::count(outcome.findings, Severity::error, &Finding::severity);
        if (refused != nullptr) {
            *refused = std::move(outcome.findings);
        }
        return Error{.code = ErrorCode::definition_invalid,
                     .message = fmt::format("The workflow has {} {}.", errors,
                                            errors == 1 ? "error" : "errors")};
    }
    const Definition& definition = *outcome.definition;
    SILLAGE_TRY(const auto before, view_.definition(definition.name, definition.version));
    if (before && before->hash != definition.hash) {
        return Error{.code = ErrorCode::conflict,
                     .message = fmt::format(
                         "Version {} of \"{}\" was published with other content; raise `version`.",
                         definition.version, definition.name)};
    }
    if (!before) {
        SILLAGE_TRY(transaction_.put(DefinitionRecord{.name = definition.name,
                                                      .version = definition.version,
                                                      .hash = definition.hash,
                                                      .source = definition.source,
                                                      .published_at = now}));
    }
    return Published{.definition = std::move(outcome.definition),
                     .findings = std::move(outcome.findings),
                     .created = !before};
}

}  // namespace sillage
