#include "server/app/exit_status.hpp"

namespace sillage::server {

int exit_status_of(const Error& error) {
    // Not a switch: only these few say more than that the start was refused.
    if (error.code == ErrorCode::folder_locked) {
        return exit_folder_locked;
    }
    if (error.code == ErrorCode::newer_schema) {
        return exit_newer_schema;
    }
    if (error.code == ErrorCode::storage_failed || error.code == ErrorCode::storage_full ||
        error.code == ErrorCode::corrupt) {
        return exit_storage;
    }
    return error.code == ErrorCode::invalid_argument ? exit_usage : exit_refused;
}

}  // namespace sillage::server
