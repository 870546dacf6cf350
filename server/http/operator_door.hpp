#pragma once

#include <sys/types.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <optional>
#include <string>

#include "engine/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace sillage::server {

namespace net = boost::asio;

/// The name that the system has for that user, else its number. Ex. `root`.
[[nodiscard]] std::string user_name(uid_t user);

/// A listening socket in a folder, for whom the folder belongs to and for root. What comes in
/// there is the operator's, and needs no token: who can open the socket could as well open the
/// database beside it.
class OperatorDoor {
  public:
    /// Listens at `folder/control.sock` (0600), in place of what another process has left there.
    /// The caller holds the folder's lock.
    /// Errors: unavailable: it cannot be bound.
    [[nodiscard]] static Result<OperatorDoor> open(net::io_context& context,
                                                   const std::string& folder);
    /// Closes.
    ~OperatorDoor();
    OperatorDoor(OperatorDoor&&) = default;
    OperatorDoor& operator=(OperatorDoor&&) = delete;

    [[nodiscard]] net::local::stream_protocol::acceptor& acceptor() { return acceptor_; }
    /// Who is at the other end; nothing: somebody who may not come in.
    [[nodiscard]] std::optional<std::string> operator_at(
        net::local::stream_protocol::socket& socket) const;
    /// Takes no more, and removes the file.
    void close();

  private:
    OperatorDoor(net::local::stream_protocol::acceptor acceptor, std::string path, uid_t owner)
        : acceptor_(std::move(acceptor)), path_(std::move(path)), owner_(owner) {}

    net::local::stream_protocol::acceptor acceptor_;
    std::string path_;
    uid_t owner_;
};

}  // namespace sillage::server
