#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.hpp"
#include "server/http/session.hpp"

namespace sillage::server {

/// Where and how to listen.
struct ListenOptions {
    /// `ADDRESS:PORT`, an IPv6 address in brackets; port 0 lets the system choose.
    std::string address = "127.0.0.1:8080";
    /// I/O threads, each with its own context and its own listening socket.
    std::size_t thread_count = 1;
    std::optional<TlsFiles> tls = {};
    /// The data folder, where the operator's socket then is, if its file system has sockets; empty:
    /// there is none.
    std::string operator_folder = {};
};

/// Whether the address can be reached from this machine only.
/// Errors: invalid_argument: not an IP address and a port.
[[nodiscard]] Result<bool> is_loopback(const std::string& address);

/// Accepts connections and serves them, on threads of its own.
class Listener {
  public:
    /// Binds and starts to serve.
    /// Errors: invalid_argument: the address or a TLS file; unavailable: it cannot be bound.
    static Result<std::unique_ptr<Listener>> start(const ListenOptions& options, Service service);

    /// Stops at once. Handlers that still wait for the gate must have been resumed before: stop the
    /// gate first.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Ex. `127.0.0.1:41234`.
    [[nodiscard]] const std::string& address() const;

    /// Accepts no more, lets every request that has begun be answered, ends connections without
    /// one, and returns when all are gone or `grace` is over. True: all were.
    bool stop(std::chrono::milliseconds grace);

  private:
    struct State;
    explicit Listener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
