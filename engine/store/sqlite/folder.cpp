#include "engine/store/sqlite/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sillage {
namespace {

Error failed(std::string_view what, const std::filesystem::path& path, int number) {
    const bool is_full = number == ENOSPC || number == EDQUOT;
    return Error{.code = is_full ? ErrorCode::storage_full : ErrorCode::storage_failed,
                 .message = fmt::format("{} cannot be {}: {}.", path.string(), what,
                                        std::generic_category().message(number))};
}

/// Opens a file that only its owner may read, made when missing. Errors: as LockedFolder::open.
Result<int> open_private(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return failed("opened", path, errno);
    }
    if (::fchmod(file, 0600) != 0) {
        const int number = errno;
        ::close(file);
        return failed("kept from others", path, number);
    }
    return file;
}

/// Makes new names in the folder survive a power cut.
Result<void> sync_folder(const std::filesystem::path& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return failed("opened", folder, errno);
    }
    const int synced = ::fsync(file);
    const int number = errno;
    ::close(file);
    if (synced != 0) {
        return failed("synced", folder, number);
    }
    return success();
}

Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::absolute(folder, error).parent_path();
    if (!error) {
        std::filesystem::create_directories(parent, error);
    }
    if (error) {
        return failed("made", parent, error.value());
    }
    if (::mkdir(folder.c_str(), 0700) == 0) {
        return sync_folder(parent);
    }
    if (errno != EEXIST) {
        return failed("made", folder, errno);
    }
    return success();
}

}  // namespace

Result<LockedFolder> LockedFolder::open(const std::filesystem::path& folder) {
    SILLAGE_TRY(make_folder(folder));
    SILLAGE_TRY(const int lock, open_private(folder / "lock"));
    LockedFolder locked(database_in(folder), lock);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return Error{.code = ErrorCode::folder_locked,
                         .message = fmt::format("Another process serves the data folder {}.",
                                                folder.string())};
        }
        return failed("locked", folder / "lock", errno);
    }
    SILLAGE_TRY(const int database, open_private(locked.database()));
    ::close(database);
    SILLAGE_TRY(sync_folder(folder));
    return locked;
}

LockedFolder::LockedFolder(std::filesystem::path database, int lock)
    : database_(std::move(database)), lock_(lock) {}

LockedFolder::LockedFolder(LockedFolder&& other) noexcept
    : database_(std::move(other.database_)), lock_(std::exchange(other.lock_, -1)) {}

LockedFolder::~LockedFolder() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

bool is_locked(const std::filesystem::path& folder) {
    const int lock = ::open((folder / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0) {
        return false;
    }
    const bool is_taken = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(lock);
    return is_taken;
}

std::filesystem::path database_in(const std::filesystem::path& folder) {
    return folder / "sillage.db";
}

Result<void> sync_file(const std::filesystem::path& path) {
    SILLAGE_TRY(const int file, open_private(path));
    const int synced = ::fsync(file);
    const int number = errno;
    ::close(file);
    if (synced != 0) {
        return failed("synced", path, number);
    }
    return sync_folder(path.parent_path());
}

}  // namespace sillage
