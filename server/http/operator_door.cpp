#include "server/http/operator_door.hpp"

#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>

#include "server/http/local_address.hpp"

namespace sillage::server {

using local = net::local::stream_protocol;

namespace {

/// A line of the user database; getpwuid_r(3) has no upper bound, 16 KiB is glibc's own advice.
constexpr std::size_t passwd_bytes = 16UL * 1024UL;

Error cannot_listen(const std::string& path, const std::string& why) {
    return Error{.code = ErrorCode::unavailable,
                 .message = "Cannot listen at " + path + ": " + why + "."};
}

/// Removes the socket of a process that has ended without doing so; nothing else.
Result<void> remove_stale(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        return success();
    }
    if (!S_ISSOCK(found.st_mode)) {
        return cannot_listen(path, "something else lies there");
    }
    ::unlink(path.c_str());
    return success();
}

}  // namespace

std::string user_name(uid_t user) {
    std::array<char, passwd_bytes> space{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(user, &entry, space.data(), space.size(), &found);
    return found == nullptr ? std::to_string(user) : std::string(found->pw_name);
}

Result<OperatorDoor> OperatorDoor::open(net::io_context& context, const std::string& folder) {
    const std::string path = folder + "/" + std::string(operator_socket_name);
    SILLAGE_TRY(const LocalAddress address, LocalAddress::in(folder, operator_socket_name));
    struct stat owned {};
    if (::stat(folder.c_str(), &owned) != 0) {
        return cannot_listen(path, "the folder has gone");
    }
    SILLAGE_TRY(remove_stale(path));
    local::acceptor acceptor(context);
    boost::system::error_code error;
    acceptor.open(local(), error);
    if (!error) {
        // Before it has a name: at no moment may others open it.
        ::fchmod(acceptor.native_handle(), 0600);
        acceptor.bind(local::endpoint(address.path()), error);
    }
    if (!error) {
        acceptor.listen(net::socket_base::max_listen_connections, error);
    }
    if (error) {
        return cannot_listen(path, error.message());
    }
    return OperatorDoor(std::move(acceptor), path, owned.st_uid);
}

OperatorDoor::~OperatorDoor() { close(); }

void OperatorDoor::close() {
    if (acceptor_.is_open()) {
        boost::system::error_code ignored;  // it is closed either way
        acceptor_.close(ignored);
        ::unlink(path_.c_str());
    }
}

std::optional<std::string> OperatorDoor::operator_at(local::socket& socket) const {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        (peer.uid != owner_ && peer.uid != 0)) {
        return std::nullopt;
    }
    return user_name(peer.uid);
}

}  // namespace sillage::server
