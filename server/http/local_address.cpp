#include "server/http/local_address.hpp"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sillage::server {

Result<LocalAddress> LocalAddress::in(const std::string& folder, std::string_view name) {
    const int file = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return Error{.code = ErrorCode::unavailable,
                     .message = "The folder " + folder + " cannot be opened: " +
                                std::generic_category().message(errno) + "."};
    }
    std::string path = folder + "/" + std::string(name);
    constexpr std::size_t bytes_max = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() > bytes_max) {
        path = "/proc/self/fd/" + std::to_string(file) + "/" + std::string(name);
    }
    return LocalAddress(file, std::move(path));
}

LocalAddress::LocalAddress(LocalAddress&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)), path_(std::move(other.path_)) {}

LocalAddress::~LocalAddress() {
    if (folder_ >= 0) {
        ::close(folder_);
    }
}

}  // namespace sillage::server
