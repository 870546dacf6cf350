// Attempts, what they mean for a webhook, and the door to the other threads.
#include "server/webhooks/courier.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/store/registry_line.hpp"
#include "server/http/text.hpp"
#include "server/webhooks/detail/courier_state.hpp"
#include "server/webhooks/request_text.hpp"
#include "server/webhooks/verdict.hpp"

namespace sillage::server {
namespace {

/// After that long without a success a webhook is disabled. Published.
constexpr Duration failing_max{5LL * 24 * 60 * 60 * 1000};

constexpr int bad_gateway = 502;
constexpr int gateway_timeout = 504;
constexpr int too_many_requests = 429;

bool is_overloaded(const Reply& reply) {
    return reply.status == 0 || reply.status == too_many_requests || reply.status == bad_gateway ||
           reply.status == gateway_timeout;
}

/// What co_spawn can give: something that can be empty.
template <class T>
net::awaitable<std::optional<T>> boxed(net::awaitable<T> asked) {
    co_return co_await std::move(asked);
}

/// Runs it on the courier's thread and resumes on the caller's executor.
template <class T>
net::awaitable<T> on(net::io_context& context, net::awaitable<T> asked) {
    auto answer = co_await net::co_spawn(context, boxed(std::move(asked)), net::use_awaitable);
    co_return std::move(answer).value();
}

}  // namespace

net::awaitable<Reply> Courier::State::send(EndpointPointer endpoint, const std::string& text) {
    const Deadline deadline = std::chrono::steady_clock::now() + attempt_wait;
    while (!endpoint->idle.empty()) {
        ConnectionPointer used = std::move(endpoint->idle.back());
        endpoint->idle.pop_back();
        if (!used->is_fresh(std::chrono::steady_clock::now())) {
            continue;
        }
        Reply reply = co_await used->exchange(text, deadline);
        if (reply.status != 0 || std::chrono::steady_clock::now() >= deadline) {
            if (reply.is_reusable) {
                endpoint->idle.push_back(std::move(used));
            }
            co_return reply;
        }
        // It was closed while it lay there: that is no attempt.
        endpoint->idle.clear();
    }
    const Target target = *endpoint->target;
    auto opened = co_await dialer->open(target, deadline);
    if (!opened) {
        Reply reply;
        reply.failure = opened.error().message;
        co_return reply;
    }
    ConnectionPointer connection = std::move(opened).value();
    Reply reply = co_await connection->exchange(text, deadline);
    const std::optional<Duration> waited = reply.times.wait;
    reply.times = connection->opening;
    reply.times.wait = waited;
    if (reply.is_reusable && endpoint->idle.size() < host_attempts_max) {
        endpoint->idle.push_back(std::move(connection));
    }
    co_return reply;
}

net::awaitable<void> Courier::State::attempt(EndpointPointer endpoint, DeliveryPointer delivery) {
    const Instant at = parts.clock();
    if (endpoint->keys_end && *endpoint->keys_end <= at) {
        set_up(*endpoint, Subscription(endpoint->subscription));
    }
    const RequestText request = request_text(*delivery, *endpoint->target, endpoint->keys, at);
    Reply reply;
    ++under_way;
    try {
        reply = co_await send(endpoint, request.text);
    } catch (const std::exception& failure) {
        reply.failure = failure.what();
    }
    --under_way;
    DeliveryAttempt attempt;
    attempt.delivery = delivery->progress.number;
    attempt.at = at;
    attempt.signature = request.signature;
    settle(endpoint, std::move(delivery), reply, std::move(attempt));
}

void Courier::State::settle(const EndpointPointer& endpoint, DeliveryPointer delivery,
                            const Reply& reply, DeliveryAttempt attempt) {
    const Instant now = parts.clock();
    const Verdict verdict =
        judge(delivery->progress, {.reply = reply, .now = now, .chance = parts.chance()});
    delivery->progress = verdict.progress;
    attempt.attempt = verdict.progress.attempt_count;
    attempt.took = now - attempt.at;
    attempt.times = reply.times;
    attempt.status = reply.status;
    attempt.failure = to_utf8(reply.failure);
    attempt.answer = to_utf8(reply.body);
    for (const std::string& line : reply.headers) {
        attempt.answer_headers.push_back(to_utf8(line));
    }
    unwritten.add(std::move(attempt));
    unwritten.change(delivery->progress);
    note_health(*endpoint, reply.is_success(), now);
    if (is_overloaded(reply)) {
        endpoint->under_way_max = 1;
    }
    endpoint->hold_until = std::max(endpoint->hold_until, verdict.hold_until.value_or(Instant{}));
    const bool is_over = delivery->progress.status != DeliveryStatus::pending;
    if (is_over) {
        endpoint->lanes.finish(*delivery);
        --held;
        endpoint->settled.insert(delivery->progress.number);
    } else if (!endpoint->is_active()) {
        endpoint->lanes.finish(*delivery);
        --held;
        endpoint->leave_to_book(delivery->progress.number);
    } else {
        endpoint->lanes.put_back(std::move(delivery));
    }
    const bool is_hopeless =
        endpoint->failing_since && now - *endpoint->failing_since >= failing_max;
    if ((verdict.is_gone || is_hopeless) && endpoint->is_active()) {
        endpoint->is_stopped = true;
        net::co_spawn(context,
                      disable(endpoint, verdict.is_gone ? disabled_gone : disabled_failing),
                      net::detached);
    }
    refill_if_low(endpoint);
}

void Courier::State::note_health(Endpoint& endpoint, bool is_success, Instant now) {
    const std::string& id = endpoint.subscription.id;
    if (is_success) {
        ++delivered;
        if (endpoint.failing_since) {
            endpoint.failing_since.reset();
            unwritten.note({.webhook = id});
        }
        endpoint.failures_in_a_row = 0;
        endpoint.under_way_max = std::min(endpoint.under_way_max + 1, host_attempts_max);
        return;
    }
    ++attempts_failed;
    if (!endpoint.failing_since) {
        endpoint.failing_since = now;
        unwritten.note({.webhook = id, .failing_since = now});
    }
    if (++endpoint.failures_in_a_row >= failures_before_probing) {
        endpoint.under_way_max = 1;
        endpoint.hold_until = std::max(endpoint.hold_until, now + probe_pause);
    }
}

net::awaitable<void> Courier::State::disable(EndpointPointer endpoint, std::string_view reason) {
    const std::string id = endpoint->subscription.id;
    const Instant now = parts.clock();
    const std::string why(reason);
    auto change = [&](Runtime& runtime) {
        return runtime.perform(std::nullopt, [&](Work& writer) {
            const auto record = writer.view().record(RecordKind::webhook, id, std::nullopt);
            if (!record || !record.value()) {
                return Answer{.status = 500};
            }
            Record changed = *record.value();
            server::disable(changed.body, why, now);
            changed.body[changed_by] = {{"id", "system"}, {"credential", ""}};
            changed.at = now;
            return Answer{.status = writer.put_record(std::move(changed)) ? 200 : 500};
        });
    };
    const Result<Answer> answer = co_await parts.gate.run(change);
    const bool is_done = answer && answer.value().status == 200;
    parts.log("webhook_disabled", {{"webhook", id}, {"reason", why}, {"written", is_done}});
    if (!is_done) {
        endpoint->is_stopped = false;  // the next failure tries once more
        refill_if_low(endpoint);
        dispatch.look(*endpoint);
        co_return;
    }
    if (parts.on_disabled) {
        parts.on_disabled(endpoint->subscription.account, endpoint->subscription.url, why);
    }
}

net::awaitable<Result<std::vector<Delivery>>> Courier::State::send_apart(
    std::vector<Delivery> deliveries) {
    SILLAGE_CO_TRY(co_await catch_up());
    const Instant now = parts.clock();
    for (Delivery& delivery : deliveries) {
        delivery.progress.number = ++last_number;
        delivery.progress.next_at = now;
        delivery.created_at = now;
        unwritten.add(delivery);
        const auto found = endpoints.find(delivery.webhook);
        if (found != endpoints.end() && found->second->is_active()) {
            found->second->lanes.add(std::make_unique<Delivery>(delivery), true);
            ++held;
            dispatch.look(*found->second);
        } else if (found != endpoints.end()) {
            found->second->leave_to_book(delivery.progress.number);
        }
    }
    SILLAGE_CO_TRY(co_await flush());
    co_return deliveries;
}

net::awaitable<Result<std::size_t>> Courier::State::send_again(std::vector<std::uint64_t> numbers) {
    SILLAGE_CO_TRY(co_await catch_up());
    std::size_t count = 0;
    const Instant now = parts.clock();
    for (const std::uint64_t number : numbers) {
        auto read = [this, number] { return parts.book->delivery(number); };
        SILLAGE_CO_TRY(auto found, co_await desk.run(read));
        const auto known = found ? endpoints.find(found->webhook) : endpoints.end();
        if (known == endpoints.end()) {
            continue;
        }
        const EndpointPointer endpoint = known->second;
        ++count;
        if (endpoint->lanes.holds(number)) {
            endpoint->lanes.hurry(number, now);
            dispatch.look(*endpoint);
            continue;
        }
        DeliveryProgress& progress = found->progress;
        progress.status = DeliveryStatus::pending;
        progress.round_attempts = 0;
        progress.next_at = now;
        progress.ended_at.reset();
        unwritten.change(progress);
        if (endpoint->takes_more()) {
            endpoint->lanes.add(std::make_unique<Delivery>(*std::move(found)), true);
            ++held;
            dispatch.look(*endpoint);
        } else {
            endpoint->leave_to_book(number);
            refill_if_low(endpoint);
        }
    }
    SILLAGE_CO_TRY(co_await flush());
    co_return count;
}

Result<std::unique_ptr<Courier>> Courier::start(CourierParts parts) {
    SILLAGE_TRY(const DeliveryHead head, parts.book->head());
    SILLAGE_TRY(auto dialer, Dialer::make(parts.allowed, parts.ca_file));
    auto state = std::make_unique<State>(std::move(parts), std::move(dialer), head);
    State& inside = *state;
    net::co_spawn(inside.context, inside.read_log(), net::detached);
    net::co_spawn(inside.context, inside.keep_book(), net::detached);
    net::co_spawn(inside.context, inside.tidy_up(), net::detached);
    inside.thread = std::thread([&inside] { inside.context.run(); });
    return std::unique_ptr<Courier>(new Courier(std::move(state)));
}

Courier::Courier(std::unique_ptr<State> state) : state_(std::move(state)) {}

Courier::~Courier() { stop(); }

void Courier::stop() {
    State& state = *state_;
    if (!state.thread.joinable()) {
        return;
    }
    net::post(state.context, [&state] {
        state.is_stopping = true;
        state.context.stop();
    });
    state.thread.join();
    state.desk.close();  // the book is this thread's from here on
    if (state.batch && !state.is_batch_written) {
        state.unwritten.put_back(std::move(*state.batch));
    }
    const Result<void> written = state.parts.book->write(state.unwritten.take());
    if (!written) {
        state.parts.log("deliveries_not_written", {{"code", name_of(written.error().code)}});
    }
}

void Courier::wake() {
    State& state = *state_;
    if (!state.is_awake.exchange(true)) {
        net::post(state.context, [&state] { state.feed_timer.cancel(); });
    }
}

bool Courier::has_endpoints() const { return state_->has_endpoints; }

CourierFigures Courier::figures() const {
    return CourierFigures{.delivered = state_->delivered,
                          .attempts_failed = state_->attempts_failed,
                          .under_way = state_->under_way,
                          .held = state_->held,
                          .late = std::chrono::milliseconds(state_->late_ms)};
}

net::awaitable<Result<std::vector<ToldDelivery>>> Courier::deliveries(DeliveryFilter filter) {
    State& state = *state_;
    SILLAGE_CO_TRY(co_await on(state.context, state.flush()));
    auto read = [&]() -> Result<std::vector<ToldDelivery>> {
        SILLAGE_TRY(auto rows, state.parts.book->deliveries(filter));
        std::vector<ToldDelivery> told;
        for (Delivery& row : rows) {
            SILLAGE_TRY(auto attempts, state.parts.book->attempts(row.progress.number));
            told.push_back({.delivery = std::move(row), .attempts = std::move(attempts)});
        }
        return told;
    };
    co_return co_await state.desk.run(read);
}

net::awaitable<Result<std::vector<std::uint64_t>>> Courier::numbers(DeliveryFilter filter) {
    State& state = *state_;
    SILLAGE_CO_TRY(co_await on(state.context, state.flush()));
    auto read = [&] { return state.parts.book->numbers(filter); };
    co_return co_await state.desk.run(read);
}

net::awaitable<Result<std::optional<ToldDelivery>>> Courier::delivery(std::uint64_t number) {
    State& state = *state_;
    SILLAGE_CO_TRY(co_await on(state.context, state.flush()));
    auto read = [&]() -> Result<std::optional<ToldDelivery>> {
        SILLAGE_TRY(auto row, state.parts.book->delivery(number));
        if (!row) {
            return std::optional<ToldDelivery>();
        }
        SILLAGE_TRY(auto attempts, state.parts.book->attempts(number));
        return std::optional(
            ToldDelivery{.delivery = *std::move(row), .attempts = std::move(attempts)});
    };
    co_return co_await state.desk.run(read);
}

net::awaitable<Result<std::vector<Delivery>>> Courier::send(std::vector<Delivery> deliveries) {
    State& state = *state_;
    co_return co_await on(state.context, state.send_apart(std::move(deliveries)));
}

net::awaitable<Result<std::size_t>> Courier::redeliver(std::vector<std::uint64_t> numbers) {
    State& state = *state_;
    co_return co_await on(state.context, state.send_again(std::move(numbers)));
}

}  // namespace sillage::server
