#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/store/delivery.hpp"
#include "server/http/log.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// What became of deliveries, as far as routes need it. Filled in before the server listens.
struct DeliveryDoor {
    /// A delivery and its attempts, oldest first.
    struct Told {
        Delivery delivery = {};
        std::vector<DeliveryAttempt> attempts = {};
        /// As the last attempt sent them.
        std::vector<std::string> headers = {};
    };
    [[nodiscard]] bool is_open() const { return static_cast<bool>(list); }

    /// Where the server is found, without a slash at its end.
    std::string base_url = {};
    /// Whether the URL is one that is called. Errors: invalid_argument, forbidden, with `/url`.
    std::function<Result<void>(const std::string& url)> check_url = {};
    std::function<net::awaitable<Result<std::vector<Told>>>(DeliveryFilter)> list = {};
    std::function<net::awaitable<Result<std::vector<std::uint64_t>>>(DeliveryFilter)> numbers = {};
    std::function<net::awaitable<Result<std::optional<Told>>>(std::uint64_t)> read = {};
    /// Sends messages that do not come from the log; in the outbox once it resumes.
    std::function<net::awaitable<Result<std::vector<Delivery>>>(std::vector<Delivery>)> send = {};
    /// Has what is over sent again, and what waits at once; how many there were.
    std::function<net::awaitable<Result<std::size_t>>(std::vector<std::uint64_t>)> redeliver = {};
    /// A webhook has changed.
    std::function<void()> wake = {};
    /// What could not be told, where the answer does not hang on it.
    Log log = {};
};

}  // namespace sillage::server
