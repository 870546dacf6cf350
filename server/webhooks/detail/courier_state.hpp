#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "server/webhooks/connection.hpp"
#include "server/webhooks/courier.hpp"
#include "server/webhooks/desk.hpp"
#include "server/webhooks/detail/dispatch.hpp"
#include "server/webhooks/endpoint.hpp"
#include "server/webhooks/log_feed.hpp"
#include "server/webhooks/unwritten.hpp"

namespace sillage::server {

/// The courier's inside. All but what is said otherwise happens on its one thread.
struct Courier::State {
    State(CourierParts given, std::unique_ptr<Dialer> opened, DeliveryHead head);

    /// From the log to what waits, until stopped.
    net::awaitable<void> read_log();
    /// Writes down what has changed, a few times a second, until stopped.
    net::awaitable<void> keep_book();
    /// Of what is held: how long the one that is due longest has waited; 0: none is due.
    [[nodiscard]] Duration late() const;
    /// Drops what is too old, and connections that nobody uses, until stopped.
    net::awaitable<void> tidy_up();

    /// Writes down all that is unwritten. Errors: those of the book; it stays unwritten then.
    net::awaitable<Result<void>> flush();

    /// Waits for a look that has begun after this call, so that webhooks are as they were then.
    /// Errors: unavailable: it did not come in time.
    net::awaitable<Result<void>> catch_up();
    net::awaitable<void> take_in(Fed fed);
    net::awaitable<void> renew(const Subscriptions& subscriptions);
    net::awaitable<void> admit(const Subscription& subscription);
    void set_up(Endpoint& endpoint, const Subscription& subscription);
    net::awaitable<void> drop(EndpointPointer endpoint);
    void queue(DeliveryPointer delivery);
    /// Reads what waits in the book alone, as far as there is room.
    net::awaitable<void> refill(EndpointPointer endpoint);
    void refill_if_low(const EndpointPointer& endpoint);

    net::awaitable<void> attempt(EndpointPointer endpoint, DeliveryPointer delivery);
    net::awaitable<Reply> send(EndpointPointer endpoint, const std::string& text);
    void settle(const EndpointPointer& endpoint, DeliveryPointer delivery, const Reply& reply,
                DeliveryAttempt attempt);
    /// Notes what the attempt says of the endpoint as a whole.
    void note_health(Endpoint& endpoint, bool is_success, Instant now);
    net::awaitable<void> disable(EndpointPointer endpoint, std::string_view reason);

    net::awaitable<Result<std::vector<Delivery>>> send_apart(std::vector<Delivery> deliveries);
    net::awaitable<Result<std::size_t>> send_again(std::vector<std::uint64_t> numbers);

    net::awaitable<void> pause(net::steady_timer& timer, std::chrono::milliseconds wait);

    CourierParts parts;
    net::io_context context{1};
    net::executor_work_guard<net::io_context::executor_type> work{context.get_executor()};
    std::unique_ptr<Dialer> dialer;
    /// One thread: the book's.
    Desk desk{1, 4'096};
    LogFeed feed;
    Dispatch dispatch;
    std::map<std::string, EndpointPointer> endpoints;
    Unwritten unwritten;
    bool is_writing = false;
    /// What is being written, and whether it was: what is not is written when all ends.
    std::shared_ptr<DeliveryBatch> batch;
    bool is_batch_written = false;
    /// As the endpoints are.
    std::shared_ptr<const Subscriptions> told;
    std::uint64_t position = 0;
    std::uint64_t last_number = 0;
    std::uint64_t looks_begun = 0;
    std::uint64_t looks_done = 0;
    net::steady_timer feed_timer{context};
    net::steady_timer book_timer{context};
    net::steady_timer tidy_timer{context};
    bool is_stopping = false;
    std::atomic<bool> is_awake = false;
    std::atomic<bool> has_endpoints = false;
    std::atomic<std::uint64_t> delivered = 0;
    std::atomic<std::uint64_t> attempts_failed = 0;
    std::atomic<std::uint64_t> under_way = 0;
    std::atomic<std::uint64_t> held = 0;
    std::atomic<std::int64_t> late_ms = 0;
    std::thread thread;
};

}  // namespace sillage::server
