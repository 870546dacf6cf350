#pragma once

#include <memory>
#include <string>

#include "engine/store/store.hpp"

namespace sillage::server {

/// Makes the folder if need be, for this user alone (0700, files 0600), and opens its store, which
/// keeps every other process out until it is gone.
/// Errors: invalid_argument: the folder cannot be made; folder_locked; newer_schema; those of the
/// store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_data_folder(const std::string& path);

}  // namespace sillage::server
