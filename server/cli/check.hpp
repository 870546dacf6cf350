#pragma once

#include <string>
#include <vector>

#include "engine/model/finding.hpp"

namespace sillage::server {

/// Reads a workflow file from disk and gives its findings; a file that cannot be read has one.
[[nodiscard]] std::vector<Finding> check_file(const std::string& path);

/// `[{"file":…,"line":…,"column":…,"severity":"error","code":…,"message":…}]`; `witness` only
/// where there is one.
[[nodiscard]] std::string findings_json(const std::vector<Finding>& findings);

}  // namespace sillage::server
