#include "server/cli/workflow_file.hpp"

#include <fstream>
#include <iostream>
#include <optional>
#include <utility>

#include "engine/formats/workflow_write.hpp"
#include "engine/runtime/read_workflow.hpp"
#include "server/app/neighbours.hpp"

namespace sillage::server {
namespace {

/// The file, or its first bytes when it is larger than any workflow may be.
std::optional<std::string> read_bounded(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(definition_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file && !file.eof())) {
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace

ReadOutcome read_workflow_file(const std::string& path) {
    const auto text = read_bounded(path);
    if (!text) {
        return {.findings = {{.file = path,
                              .place = {1, 1},
                              .severity = Severity::error,
                              .code = "unreadable",
                              .message = "this file cannot be opened or read"}}};
    }
    return read_workflow(*text, path, neighbours_of(path));
}

std::shared_ptr<const Definition> open_workflow_file(const std::string& path) {
    const ReadOutcome outcome = read_workflow_file(path);
    for (const Finding& finding : outcome.findings) {
        std::cerr << to_string(finding) << "\n";
    }
    return outcome.definition;
}

std::string workflow_text(const Definition& definition) {
    WrittenWorkflow written = to_workflow(definition);
    for (const std::string& loss : written.losses) {
        std::cerr << "warning: " << loss << " [not-in-yaml]\n";
    }
    return std::move(written.text);
}

}  // namespace sillage::server
