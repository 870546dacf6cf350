#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "engine/base/result.hpp"
#include "server/outward/target.hpp"
#include "server/webhooks/desk.hpp"
#include "server/webhooks/verdict.hpp"

namespace sillage::server {

/// One attempt, with resolving, connecting and reading. Chosen: Standard Webhooks asks for 15
/// to 30.
inline constexpr std::chrono::seconds attempt_wait{15};
/// Of an answer's body that is read and kept. Published: issue of the contract.
inline constexpr std::size_t answer_bytes_max = 64UL * 1024UL;
/// Of an answer's head.
inline constexpr std::size_t answer_head_bytes_max = 16UL * 1024UL;
/// How long a connection may lie unused, and live: then the name is asked for anew.
inline constexpr std::chrono::seconds connection_idle{30};
inline constexpr std::chrono::seconds connection_life{300};

using Deadline = std::chrono::steady_clock::time_point;

/// A connection to a receiver, over TCP or TLS.
class Connection {
  public:
    virtual ~Connection() = default;

    /// Writes the request and reads the answer; no redirect is followed. An answer that says
    /// nothing before the connection ends is `failure`, with status 0.
    virtual net::awaitable<Reply> exchange(std::string request, Deadline deadline) = 0;

    /// Whether it is young enough, and was used recently enough, to be used again.
    [[nodiscard]] bool is_fresh(Deadline now) const {
        return now - opened_at < connection_life && now - used_at < connection_idle;
    }

    /// What opening it took.
    AttemptTimes opening = {};
    Deadline opened_at = {};
    Deadline used_at = {};
};

using ConnectionPointer = std::unique_ptr<Connection>;

/// Opens connections: looks names up, checks every address that they lead to, and connects to one
/// of those. Threat TM12.
class Dialer {
  public:
    /// `ca_file`: certificates trusted beside the system's; empty: none.
    /// Errors: invalid_argument: the file cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<Dialer>> make(AllowedTargets allowed,
                                                              const std::string& ca_file);
    ~Dialer();

    /// On the caller's executor. Errors: forbidden: the target may not be called; unavailable:
    /// there is no such name, nobody answers there, or the certificate is not the host's.
    [[nodiscard]] net::awaitable<Result<ConnectionPointer>> open(const Target& target,
                                                                 Deadline deadline);

  private:
    struct State;
    explicit Dialer(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
