#pragma once

#include <string>
#include <vector>

#include "engine/runtime/runtime.hpp"

namespace sillage::server {

/// A workflow file as it lies on the disk.
struct WorkflowFile {
    std::string path;
    std::string text;

    bool operator==(const WorkflowFile&) const = default;
};

/// The `.yaml` and `.yml` files of a folder, not of those below it, in order of name.
/// Errors: invalid_argument: no such folder, or a file that cannot be read.
[[nodiscard]] Result<std::vector<WorkflowFile>> read_workflow_files(const std::string& folder);

/// Publishes all of them, or none when one does not pass. `findings` gets everything there is to
/// say about them, warnings too, in order of file and place.
/// Errors: definition_invalid; conflict: a version that exists with other content; those of the
/// store.
[[nodiscard]] Result<void> publish_files(Runtime& runtime, const std::vector<WorkflowFile>& files,
                                         Instant now, std::vector<Finding>& findings);

}  // namespace sillage::server
