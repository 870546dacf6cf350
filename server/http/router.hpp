#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// Answers one request. Called from every I/O thread at once, so what it refers to is either
/// constant, or reached through the gate, or guarded. An error becomes a problem. The request
/// lives until it has answered.
using Handler = std::function<net::awaitable<Result<Response>>(Request&)>;

/// Finds the handler of a method and a path.
///
/// A pattern's segments are words or `{parameters}`; a word goes before a parameter. HEAD is
/// answered by the handler of GET, OPTIONS with 204 and `Allow`, a method that the path does not
/// have with 405 and `Allow`, an unknown path with 404.
/// Filled before the listener starts, constant from then on.
class Router {
  public:
    /// Ex. `add(Method::post, "/v1/instances/{id}/events", …)`. One handler per method and
    /// pattern; two patterns that match the same paths must name their parameters alike. A body of
    /// more than `body_bytes_max` is refused, if that is more than the server's own limit.
    void add(Method method, std::string_view pattern, Handler handler,
             std::size_t body_bytes_max = 0);

    /// What was said of that route's bodies; 0: nothing.
    [[nodiscard]] std::size_t body_bytes_max(Method method, const std::string& path) const;
    /// The most that was said of any.
    [[nodiscard]] std::size_t largest_body_bytes_max() const { return largest_body_bytes_max_; }

    /// Never fails: every error, also an unknown path, becomes a problem, and is handed to
    /// `on_error` with the request's id and route first (for the log).
    [[nodiscard]] net::awaitable<Response> answer(Request request) const;

    /// Called for each error that an answer hides or shows; may be called from any I/O thread.
    std::function<void(const Request&, const Error&)> on_error;
    /// Called for each answer with the request's route (empty: there is none) and how long it took;
    /// as `on_error`.
    std::function<void(const Request&, Status, std::chrono::nanoseconds)> on_answer;

    /// Every `METHOD pattern`, sorted: for tests and the OpenAPI document's check.
    [[nodiscard]] std::vector<std::string> routes() const;

  private:
    struct Node {
        std::map<std::string, Node, std::less<>> words;
        std::vector<Node> parameter;  ///< none or one
        std::string parameter_name;
        std::string pattern;
        std::map<Method, Handler> handlers;
        std::map<Method, std::size_t> body_bytes_max;  ///< where it is not 0
    };

    /// The same, untold.
    [[nodiscard]] net::awaitable<Response> respond(Request& request) const;
    /// Errors: not_found; invalid_argument: a segment that cannot be decoded.
    Result<const Node*> find(Request& request) const;

    Node root_;
    std::size_t largest_body_bytes_max_ = 0;
};

}  // namespace sillage::server
