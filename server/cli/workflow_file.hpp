#pragma once

#include <string>

#include "engine/model/reading.hpp"

namespace sillage::server {

/// Exit statuses of the subcommands. Source: language.md, section 2.
inline constexpr int status_errors = 1;
inline constexpr int status_usage = 2;

/// Reads a workflow file from disk; one that cannot be read has the finding `unreadable`.
[[nodiscard]] ReadOutcome read_workflow_file(const std::string& path);

/// The same for a subcommand that needs the definition: findings go to standard error.
[[nodiscard]] std::shared_ptr<const Definition> open_workflow_file(const std::string& path);

/// The definition as a workflow file in YAML; what such a file cannot say goes to standard error.
[[nodiscard]] std::string workflow_text(const Definition& definition);

}  // namespace sillage::server
