#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace boost::asio::ssl {
class context;
}

namespace sillage::server {

namespace net = boost::asio;

/// What one read brought.
struct Received {
    enum class Kind { bytes, closed, timed_out };
    Kind kind = Kind::closed;
    std::size_t count = 0;  ///< for Kind::bytes, at least 1
};

/// A connection, with or without TLS: the type-erased stream, so that the session compiles once.
/// Belongs to the one thread of its io_context. Expected ends of a connection are values.
class Transport {
  public:
    virtual ~Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// The TLS handshake, or nothing. False: the peer did not manage it in time.
    virtual net::awaitable<bool> open() = 0;
    virtual net::awaitable<Received> read_some(std::span<char> space) = 0;
    /// All of `bytes`, which must live until it is done. False: not all could be sent in time.
    virtual net::awaitable<bool> write(std::string_view bytes) = 0;
    /// Has the system keep few bytes for a peer that does not read: what waits then waits here.
    virtual void keep_little_unsent() = 0;
    /// Says that no more will be sent (FIN, and close_notify under TLS).
    virtual net::awaitable<void> finish() = 0;
    /// Sets when the operation running, and each one begun later, times out.
    virtual void set_deadline(std::chrono::steady_clock::time_point at) = 0;
    /// Ends the operation running as if it had timed out.
    virtual void interrupt() = 0;
    /// The other end's address without the port.
    [[nodiscard]] virtual std::string peer() const = 0;
    /// The system's name for the operator at the other end; empty: it comes over the network.
    [[nodiscard]] virtual std::string operator_name() const { return {}; }

  protected:
    Transport() = default;
};

[[nodiscard]] std::shared_ptr<Transport> make_tcp_transport(net::ip::tcp::socket socket);
/// `context` must outlive the transport.
[[nodiscard]] std::shared_ptr<Transport> make_tls_transport(net::ip::tcp::socket socket,
                                                            net::ssl::context& context);

/// A connection from this machine, of whom the door has let in under that name.
[[nodiscard]] std::shared_ptr<Transport> make_local_transport(
    net::local::stream_protocol::socket socket, std::string operator_name);

/// Certificate chain and private key, both PEM.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

/// A server's context: TLS 1.2 and 1.3, no compression, no renegotiation.
/// Errors: invalid_argument: a file that cannot be read, or a key that does not fit.
[[nodiscard]] Result<std::shared_ptr<net::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace sillage::server
