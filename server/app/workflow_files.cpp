#include "server/app/workflow_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/runtime/read_workflow.hpp"
#include "server/app/neighbours.hpp"

namespace sillage::server {

namespace {

/// A folder of workflows has dozens; a folder given by mistake may have anything.
constexpr std::size_t files_max = 10'000;

Error unreadable(const std::string& path) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "The workflows in " + path + " cannot be read.",
                 .where = path};
}

/// One byte more than a definition may have, at most: enough for its reader to refuse it.
Result<std::string> read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(definition_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || file.gcount() == 0) {
        return unreadable(path.string());
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// Publishes until one fails, yet reads them all, so that all findings are told.
std::optional<Error> publish_each(Work& work, const std::vector<WorkflowFile>& files, Instant now,
                                  std::vector<Finding>& findings) {
    std::optional<Error> failure;
    for (const WorkflowFile& file : files) {
        std::vector<Finding> refused;
        const ReadOutcome read = read_workflow(file.text, file.path, neighbours_of(file.path));
        const std::string& text = read.definition ? read.definition->source : file.text;
        const Result<Published> published = work.publish(text, file.path, now, &refused);
        const auto& said = published ? published.value().findings : refused;
        findings.insert(findings.end(), said.begin(), said.end());
        if (!published && !failure) {
            failure = published.error();
        }
    }
    return failure;
}

}  // namespace

Result<std::vector<WorkflowFile>> read_workflow_files(const std::string& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto extension = entry->path().extension();
        if (extension == ".yaml" || extension == ".yml" || extension == ".scxml") {
            paths.push_back(entry->path());
        }
    }
    if (error || paths.size() > files_max) {
        return unreadable(folder);
    }
    std::ranges::sort(paths);
    std::vector<WorkflowFile> files;
    for (const std::filesystem::path& path : paths) {
        SILLAGE_TRY(auto text, read_text(path));
        files.push_back(WorkflowFile{path.string(), std::move(text)});
    }
    return files;
}

Result<void> publish_files(Runtime& runtime, const std::vector<WorkflowFile>& files, Instant now,
                           std::vector<Finding>& findings) {
    std::optional<Error> failure;
    // A status of 400 and above keeps nothing of the work: all are published, or none.
    const auto publish = [&](Work& work) {
        failure = publish_each(work, files, now, findings);
        return Answer{.status = failure ? 422 : 200};
    };
    SILLAGE_TRY(runtime.perform(std::nullopt, publish));
    if (failure) {
        return *std::move(failure);
    }
    return success();
}

}  // namespace sillage::server
