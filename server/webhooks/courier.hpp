#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/delivery.hpp"
#include "server/gate/gate.hpp"
#include "server/http/clock.hpp"
#include "server/http/log.hpp"
#include "server/outward/target.hpp"

namespace sillage::server {

/// What the courier works with.
struct CourierParts {
    Gate& gate;
    std::unique_ptr<DeliveryBook> book = nullptr;
    AllowedTargets allowed = {};
    std::string ca_file = {};   ///< trusted beside the system's; empty: none
    std::string base_url = {};  ///< where the server is found, without a slash at its end
    /// The machine's, also in a sandbox: receivers hold timestamps against their own.
    Clock clock = system_now;
    Log log = log_to_standard_error;
    /// A number from 0 to 1 by chance.
    std::function<double()> chance = {};
    /// Told of a webhook that was disabled, with its account and why. On the courier's thread.
    std::function<void(const std::string& account, const std::string& url, std::string_view reason)>
        on_disabled = {};
};

/// A delivery and its attempts, oldest first.
struct ToldDelivery {
    Delivery delivery = {};
    std::vector<DeliveryAttempt> attempts = {};
};

/// What was done and waits, for metrics. From any thread.
struct CourierFigures {
    std::uint64_t delivered = 0;
    std::uint64_t attempts_failed = 0;
    std::uint64_t under_way = 0;
    std::uint64_t held = 0;
    /// How long the delivery that is due longest has waited; 0: none is due.
    std::chrono::milliseconds late{0};
};

/// Sends webhooks, on a thread of its own.
class Courier {
  public:
    /// Starts. Errors: those of the book; invalid_argument: the certificates cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<Courier>> start(CourierParts parts);
    /// Stops.
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    /// Cuts off what is under way, writes down what is known and ends the threads. Whoever asks
    /// below must have ended before. The gate must still run.
    void stop();

    /// The registry has something new. From any thread.
    void wake();
    /// The log has grown; costs next to nothing while there is no webhook. From any thread.
    void grow() {
        if (has_endpoints()) {
            wake();
        }
    }

    // From any thread; they resume on the caller's executor. What they tell includes all that was
    // done before. Errors: those of the book; unavailable.

    [[nodiscard]] net::awaitable<Result<std::vector<ToldDelivery>>> deliveries(
        DeliveryFilter filter);
    /// The numbers of the same, the oldest first.
    [[nodiscard]] net::awaitable<Result<std::vector<std::uint64_t>>> numbers(DeliveryFilter filter);
    [[nodiscard]] net::awaitable<Result<std::optional<ToldDelivery>>> delivery(
        std::uint64_t number);
    /// Sends messages that do not come from the log, beside all others, and gives them their
    /// numbers. They are in the book then.
    [[nodiscard]] net::awaitable<Result<std::vector<Delivery>>> send(
        std::vector<Delivery> deliveries);
    /// Has what is over sent again, and what waits at once. How many of them there were.
    [[nodiscard]] net::awaitable<Result<std::size_t>> redeliver(std::vector<std::uint64_t> numbers);

    [[nodiscard]] CourierFigures figures() const;

  private:
    struct State;
    explicit Courier(std::unique_ptr<State> state);
    [[nodiscard]] bool has_endpoints() const;

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
