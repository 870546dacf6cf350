#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/runtime/rehearsal.hpp"
#include "server/cli/workflow_file.hpp"

// The workflows that invokes name, as files: beside the file that names them.

namespace sillage::server {

/// Files of a folder that are looked through for a workflow's name. Chosen: more than any network
/// writes workflows.
inline constexpr std::size_t neighbouring_files_max = 1'000;

/// Finds a workflow in the folder of `path`: `NAME.yaml`, `NAME.yml`, `NAME.scxml`, else the first
/// file, in order of name, that calls itself so; each is read once. Errors: not_found.
[[nodiscard]] decltype(RehearsalSetup::workflows) workflows_beside(const std::string& path);

/// A file that was read.
struct ReadFile {
    std::string path = {};
    ReadOutcome outcome = {};
};

/// Warnings of the code `unknown-workflow`: an invoke of `file` names one that is neither among the
/// files nor beside this one. In order of place.
[[nodiscard]] std::vector<Finding> unknown_workflows(const ReadFile& file,
                                                     const std::vector<ReadFile>& files);

}  // namespace sillage::server
