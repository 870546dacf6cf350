#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// One call over HTTP. GET without a body, POST with one.
struct FetchRequest {
    std::string url = {};
    /// Whole lines. Ex. `Accept: application/json`.
    std::vector<std::string> headers = {};
    std::string body = {};
};

struct Fetched {
    int status = 0;
    std::string body = {};
};

/// What a call may cost.
struct FetchLimits {
    std::chrono::milliseconds connect_wait{5'000};
    std::chrono::milliseconds wait{10'000};
    std::size_t bytes_max = 512UL * 1024UL;  ///< of the answer's body
    /// Calls that wait or run. Chosen: a provider that answers slowly must not collect memory.
    std::size_t waiting_max = 64;
    /// Lets http:// through, to this machine alone.
    bool insecure_loopback = false;
};

/// Calls other servers, one after the other, on a thread of its own: https alone, certificates
/// checked, no redirect followed, no proxy.
class Fetcher {
  public:
    explicit Fetcher(const FetchLimits& limits = {});
    /// Cuts off what runs; whoever waits is resumed with an error as its executor runs.
    ~Fetcher();
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    /// Resumes on the caller's executor.
    /// Errors: unavailable: it could not be reached in time, answered too much, or too many wait;
    ///         invalid_argument: an address that is not called.
    [[nodiscard]] net::awaitable<Result<Fetched>> fetch(FetchRequest request);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
