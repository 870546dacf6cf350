#include "server/cli/invoked_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace sillage::server {
namespace {

namespace fs = std::filesystem;

using DefinitionPtr = std::shared_ptr<const Definition>;

constexpr std::string_view endings[] = {".yaml", ".yml", ".scxml"};

bool is_workflow_file(const fs::path& path) {
    return std::ranges::find(endings, path.extension().string()) != std::end(endings);
}

/// Paths of the folder's workflow files, sorted; at most neighbouring_files_max.
std::vector<std::string> files_of(const fs::path& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (is_workflow_file(at->path()) && at->is_regular_file(error)) {
            paths.push_back(at->path().string());
        }
    }
    std::ranges::sort(paths);
    paths.resize(std::min(paths.size(), neighbouring_files_max));
    return paths;
}

/// The workflow files of one folder, each read when it is first needed.
class Folder {
  public:
    explicit Folder(fs::path path) : path_(std::move(path)) {}

    DefinitionPtr find(const std::string& name, std::optional<std::int64_t> version) {
        const auto is_meant = [&](const DefinitionPtr& definition) {
            return definition != nullptr && (!version || definition->version == *version);
        };
        for (const std::string_view ending : endings) {
            const fs::path named = path_ / (name + std::string(ending));
            std::error_code error;
            if (!fs::is_regular_file(named, error)) {
                continue;
            }
            if (const DefinitionPtr found = read(named.string()); is_meant(found)) {
                return found;
            }
        }
        for (const std::string& file : files_of(path_)) {
            const DefinitionPtr found = read(file);
            if (is_meant(found) && found->name == name) {
                return found;
            }
        }
        return nullptr;
    }

  private:
    DefinitionPtr read(const std::string& file) {
        const auto known = read_.find(file);
        return known != read_.end()
                   ? known->second
                   : read_.emplace(file, read_workflow_file(file).definition).first->second;
    }

    fs::path path_;
    std::map<std::string, DefinitionPtr> read_ = {};
};

fs::path folder_of(const std::string& file) {
    const fs::path folder = fs::path(file).parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

bool is_given(const std::vector<ReadFile>& files, const Invoke& invoke) {
    return std::ranges::any_of(files, [&](const ReadFile& file) {
        const auto& definition = file.outcome.definition;
        return definition != nullptr && definition->name == invoke.workflow &&
               (!invoke.version || definition->version == *invoke.version);
    });
}

Finding unknown(const std::string& path, const Invoke& invoke) {
    const std::string version =
        invoke.version ? fmt::format("version {} of ", *invoke.version) : std::string();
    return {.file = path,
            .place = invoke.place,
            .severity = Severity::warning,
            .code = "unknown-workflow",
            .message = fmt::format("{}the workflow \"{}\" is neither among the files given nor "
                                   "beside this one",
                                   version, invoke.workflow)};
}

}  // namespace

decltype(RehearsalSetup::workflows) workflows_beside(const std::string& path) {
    const auto folder = std::make_shared<Folder>(folder_of(path));
    return [folder](const std::string& name,
                    std::optional<std::int64_t> version) -> Result<DefinitionPtr> {
        DefinitionPtr found = folder->find(name, version);
        if (found == nullptr) {
            return Error{
                .code = ErrorCode::not_found,
                .message = fmt::format("There is no workflow \"{}\" beside this one.", name)};
        }
        return found;
    };
}

std::vector<Finding> unknown_workflows(const ReadFile& file, const std::vector<ReadFile>& files) {
    std::vector<Finding> findings;
    if (file.outcome.definition == nullptr) {
        return findings;
    }
    Folder folder(folder_of(file.path));
    for (const State& state : file.outcome.definition->states) {
        for (const Invoke& invoke : state.invokes) {
            if (!invoke.workflow.empty() && !is_given(files, invoke) &&
                folder.find(invoke.workflow, invoke.version) == nullptr) {
                findings.push_back(unknown(file.path, invoke));
            }
        }
    }
    return findings;
}

}  // namespace sillage::server
