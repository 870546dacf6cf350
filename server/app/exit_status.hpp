#pragma once

#include "engine/base/error.hpp"

namespace sillage::server {

/// What `sillage serve` ends with. Source: sysexits.h where the contract names none.
inline constexpr int exit_ok = 0;
inline constexpr int exit_refused = 1;         ///< a workflow with errors, an address in use
inline constexpr int exit_usage = 2;           ///< a setting that cannot be
inline constexpr int exit_storage = 74;        ///< EX_IOERR: storage failed or is damaged
inline constexpr int exit_folder_locked = 75;  ///< EX_TEMPFAIL: another process has the folder
inline constexpr int exit_newer_schema = 78;   ///< EX_CONFIG: the folder is a newer version's

/// The status of a start that ended in this error.
[[nodiscard]] int exit_status_of(const Error& error);

}  // namespace sillage::server
