// What waits and how it gets there: the log, the book, and the endpoints' queues.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/webhooks/detail/courier_state.hpp"

namespace sillage::server {
namespace {

/// How often the book is written, at most: what an endless stream of deliveries costs in syncs.
constexpr std::chrono::milliseconds book_pause{50};
/// Before a book that could not be written is tried again.
constexpr std::chrono::milliseconds book_retry{1'000};
/// The log is looked at that often while nobody says that it has grown.
constexpr std::chrono::milliseconds look_pause{500};
constexpr std::chrono::milliseconds look_retry{1'000};
/// How long a request waits for such a look.
constexpr std::chrono::seconds catch_up_max{5};
/// Deliveries that are read from the book at once.
constexpr std::size_t refill_max = 500;
constexpr std::chrono::seconds tidy_pause{10};
/// How long what became of deliveries is kept. Published.
constexpr Duration kept_for{30LL * 24 * 60 * 60 * 1000};
constexpr std::size_t pruned_at_once = 1'000;

}  // namespace

Courier::State::State(CourierParts given, std::unique_ptr<Dialer> opened, DeliveryHead head)
    : parts(std::move(given)),
      dialer(std::move(opened)),
      feed(parts.base_url),
      dispatch(context,
               DispatchHooks{.clock = parts.clock,
                             .attempt =
                                 [this](EndpointPointer endpoint, DeliveryPointer delivery) {
                                     return attempt(std::move(endpoint), std::move(delivery));
                                 },
                             .is_open = [this] { return !unwritten.is_full(); }}),
      position(head.position),
      last_number(head.number) {}

net::awaitable<void> Courier::State::pause(net::steady_timer& timer,
                                           std::chrono::milliseconds wait) {
    timer.expires_after(wait);
    [[maybe_unused]] const auto ended =
        co_await timer.async_wait(net::as_tuple(net::use_awaitable));
}

net::awaitable<void> Courier::State::read_log() {
    while (!is_stopping) {
        if (unwritten.is_full()) {
            co_await pause(feed_timer, book_pause);
            continue;
        }
        is_awake = false;
        const std::uint64_t begun = ++looks_begun;
        const std::uint64_t from = position;
        const Instant now = parts.clock();
        auto look = [this, from, now](Runtime& runtime) {
            return feed.look(runtime, {.position = from, .now = now, .told = told.get()});
        };
        Result<Fed> fed = co_await parts.gate.run(look);
        if (!fed) {
            parts.log("webhooks_not_read", {{"code", name_of(fed.error().code)}});
            co_await pause(feed_timer, look_retry);
            continue;
        }
        const bool is_cut_short = fed.value().is_cut_short;
        co_await take_in(std::move(fed).value());
        looks_done = begun;
        if (!is_cut_short && !is_stopping && !is_awake) {
            co_await pause(feed_timer, look_pause);
        }
    }
}

net::awaitable<Result<void>> Courier::State::catch_up() {
    const std::uint64_t wanted = looks_begun + 1;
    const Deadline end = std::chrono::steady_clock::now() + catch_up_max;
    net::steady_timer timer(context);
    while (looks_done < wanted) {
        if (is_stopping || std::chrono::steady_clock::now() >= end) {
            co_return Error{.code = ErrorCode::unavailable,
                            .message = "Webhooks are behind the log; try again later."};
        }
        feed_timer.cancel();
        co_await pause(timer, std::chrono::milliseconds(1));
    }
    co_return success();
}

net::awaitable<void> Courier::State::take_in(Fed fed) {
    if (fed.subscriptions != nullptr) {
        told = fed.subscriptions;
        co_await renew(*told);
    }
    for (Delivery& delivery : fed.deliveries) {
        delivery.progress.number = ++last_number;
        queue(std::make_unique<Delivery>(std::move(delivery)));
    }
    if (fed.position != position) {
        position = fed.position;
        unwritten.advance(position);
    }
}

void Courier::State::queue(DeliveryPointer delivery) {
    unwritten.add(*delivery);
    const auto found = endpoints.find(delivery->webhook);
    if (found == endpoints.end()) {
        return;
    }
    Endpoint& endpoint = *found->second;
    if (!endpoint.takes_more()) {
        endpoint.has_more = true;
        refill_if_low(found->second);
        return;
    }
    endpoint.loaded_to = delivery->progress.number;
    endpoint.lanes.add(std::move(delivery));
    ++held;
    dispatch.look(endpoint);
}

net::awaitable<void> Courier::State::renew(const Subscriptions& subscriptions) {
    std::map<std::string, EndpointPointer> gone = endpoints;
    for (const Subscription& subscription : subscriptions) {
        gone.erase(subscription.id);
        const auto known = endpoints.find(subscription.id);
        if (known == endpoints.end()) {
            co_await admit(subscription);
        } else if (known->second->subscription != subscription) {
            const EndpointPointer endpoint = known->second;
            dispatch.remove(endpoint);
            set_up(*endpoint, subscription);
            dispatch.enrol(endpoint);
            refill_if_low(endpoint);
            dispatch.look(*endpoint);
        }
    }
    for (const auto& [id, endpoint] : gone) {
        co_await drop(endpoint);
    }
    has_endpoints = !endpoints.empty();
}

net::awaitable<void> Courier::State::admit(const Subscription& subscription) {
    const auto endpoint = std::make_shared<Endpoint>();
    set_up(*endpoint, subscription);
    const std::string id = subscription.id;
    auto ask = [this, id] { return parts.book->failing_since(id); };
    const auto since = co_await desk.run(ask);
    if (since) {
        endpoint->failing_since = since.value();
    }
    endpoints[id] = endpoint;
    dispatch.enrol(endpoint);
    refill_if_low(endpoint);
}

void Courier::State::set_up(Endpoint& endpoint, const Subscription& subscription) {
    const bool is_elsewhere = endpoint.subscription.url != subscription.url;
    endpoint.subscription = subscription;
    endpoint.is_stopped = false;
    endpoint.keys = subscription.keys_at(parts.clock());
    endpoint.keys_end.reset();
    for (const KeptSecret& secret : subscription.secrets) {
        if (secret.ends_at && *secret.ends_at > parts.clock() &&
            (!endpoint.keys_end || *secret.ends_at < *endpoint.keys_end)) {
            endpoint.keys_end = secret.ends_at;
        }
    }
    if (is_elsewhere) {
        const auto target = parse_target(subscription.url);
        endpoint.target = target ? std::optional(target.value()) : std::nullopt;
        endpoint.idle.clear();
        endpoint.under_way_max = 1;
        endpoint.failures_in_a_row = 0;
        endpoint.hold_until = Instant{};
    }
    if (!endpoint.is_active()) {
        held -= endpoint.lanes.size() - endpoint.under_way;
        endpoint.lanes.clear();
        endpoint.has_more = true;
        endpoint.loaded_to = 0;
    }
}

net::awaitable<void> Courier::State::drop(EndpointPointer endpoint) {
    const std::string id = endpoint->subscription.id;
    dispatch.remove(endpoint);
    held -= endpoint->lanes.size() - endpoint->under_way;
    endpoint->lanes.clear();
    endpoint->is_stopped = true;
    endpoints.erase(id);
    const Result<void> flushed = co_await flush();
    const Instant now = parts.clock();
    auto give_up = [this, id, now] { return parts.book->give_up(id, now); };
    const Result<void> given_up = co_await desk.run(give_up);
    if (!flushed || !given_up) {
        parts.log("webhook_not_dropped", {{"webhook", id}});
    }
}

void Courier::State::refill_if_low(const EndpointPointer& endpoint) {
    if (endpoint->has_more && !endpoint->is_loading && endpoint->is_active() &&
        endpoint->lanes.size() < held_max / 2 &&
        endpoint->lanes.byte_count() < held_bytes_max / 2 && !unwritten.is_full()) {
        endpoint->is_loading = true;
        net::co_spawn(context, refill(endpoint), net::detached);
    }
}

net::awaitable<void> Courier::State::refill(EndpointPointer endpoint) {
    const std::string id = endpoint->subscription.id;
    endpoint->settled.clear();
    while (!is_stopping && endpoint->is_active()) {
        // What comes while the book is read is marked by has_more once more.
        endpoint->has_more = false;
        const std::uint64_t after = endpoint->loaded_to;
        const Result<void> flushed = co_await flush();
        auto read = [this, id, after] { return parts.book->pending(id, after, refill_max); };
        Result<std::vector<Delivery>> rows = co_await desk.run(read);
        if (!flushed || !rows) {
            endpoint->has_more = true;  // whoever can write the book again comes here again
            break;
        }
        if (endpoint->loaded_to != after) {
            continue;  // some were put back meanwhile
        }
        for (Delivery& row : rows.value()) {
            const std::uint64_t number = row.progress.number;
            endpoint->loaded_to = number;
            if (!endpoint->lanes.holds(number) && !endpoint->settled.contains(number)) {
                endpoint->lanes.add(std::make_unique<Delivery>(std::move(row)));
                ++held;
            }
        }
        dispatch.look(*endpoint);
        if (rows.value().empty() && !endpoint->has_more) {
            break;
        }
        if (!endpoint->has_room()) {
            endpoint->has_more = true;
            break;
        }
    }
    endpoint->has_more = endpoint->has_more || !endpoint->is_active();
    endpoint->settled.clear();
    endpoint->is_loading = false;
}

net::awaitable<Result<void>> Courier::State::flush() {
    net::steady_timer timer(context);
    while (is_writing) {
        co_await pause(timer, std::chrono::milliseconds(1));
    }
    if (unwritten.empty()) {
        co_return success();
    }
    is_writing = true;
    is_batch_written = false;
    batch = std::make_shared<DeliveryBatch>(unwritten.take());
    auto write = [this] {
        Result<void> done = parts.book->write(*batch);
        is_batch_written = done.has_value();
        return done;
    };
    Result<void> written = co_await desk.run(write);
    if (!written) {
        unwritten.put_back(std::move(*batch));
        parts.log("deliveries_not_written",
                  {{"code", name_of(written.error().code)}, {"message", written.error().message}});
    }
    batch.reset();
    is_writing = false;
    co_return written;
}

Duration Courier::State::late() const {
    const Instant now = parts.clock();
    Duration longest{0};
    for (const auto& [id, endpoint] : endpoints) {
        if (const auto due = endpoint->lanes.next_due()) {
            longest = std::max(longest, now - *due);
        }
    }
    return longest;
}

net::awaitable<void> Courier::State::keep_book() {
    net::steady_timer timer(context);
    while (!is_stopping) {
        co_await pause(timer, book_pause);
        const Result<void> written = co_await flush();
        late_ms = late().milliseconds;
        if (!written) {
            co_await pause(timer, book_retry);
            continue;
        }
        for (const auto& [id, endpoint] : endpoints) {
            refill_if_low(endpoint);
            dispatch.look(*endpoint);
        }
    }
}

net::awaitable<void> Courier::State::tidy_up() {
    while (!is_stopping) {
        co_await pause(tidy_timer, tidy_pause);
        const auto now = std::chrono::steady_clock::now();
        for (const auto& [id, endpoint] : endpoints) {
            std::erase_if(endpoint->idle, [&](const ConnectionPointer& connection) {
                return !connection->is_fresh(now);
            });
        }
        const Instant before{parts.clock().milliseconds - kept_for.milliseconds};
        auto prune = [this, before] { return parts.book->prune(before, pruned_at_once); };
        for (Result<std::size_t> pruned = pruned_at_once;
             !is_stopping && pruned && pruned.value() == pruned_at_once;) {
            pruned = co_await desk.run(prune);
        }
    }
}

}  // namespace sillage::server
