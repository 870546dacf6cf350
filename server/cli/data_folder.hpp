#pragma once

#include <string>

#include "engine/base/result.hpp"
#include "engine/runtime/audit.hpp"

namespace sillage::server {

/// Proves the log of a data folder, which stays as it is. A damage of the file itself is a fault of
/// no entry. Errors: as LogFile.
[[nodiscard]] Result<Audit> audit_folder(const std::string& folder);

/// Says what an audit found, a line a fault, the sum in the last. Ex.
/// `entry 7 (ins_… 3): It is missing.`
[[nodiscard]] std::string audit_text(const Audit& audit);

}  // namespace sillage::server
