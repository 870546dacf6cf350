#include "server/http/live_session.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace sillage::server {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

/// Of what the reader sends, which nobody asks for.
constexpr std::size_t unread_bytes = 64;

/// What both directions of the connection know; belongs to its thread.
struct Live {
    explicit Live(const net::any_io_executor& executor) : bell(executor) {}

    /// Waits for something to write.
    net::steady_timer bell;
    bool has_gone = false;
};

/// Sees the reader go, which a connection that is only written to learns of late.
net::awaitable<void> watch_reader(std::shared_ptr<Transport> transport,
                                  std::shared_ptr<Live> live) {
    std::array<char, unread_bytes> space{};
    while (!live->has_gone) {
        const Received received = co_await transport->read_some(space);
        if (received.kind != Received::Kind::bytes) {
            live->has_gone = true;
        }
    }
    live->bell.cancel();
}

/// Until the bell is rung, or for so long.
net::awaitable<void> wait_for_bell(Live& live, std::chrono::milliseconds most) {
    live.bell.expires_after(most);
    [[maybe_unused]] const auto rung =
        co_await live.bell.async_wait(net::as_tuple(net::use_awaitable));
}

/// False: the reader has gone, or did not read in time.
net::awaitable<bool> write_within(Transport& transport, const std::string& text,
                                  std::chrono::milliseconds limit) {
    transport.set_deadline(std::chrono::steady_clock::now() + limit);
    const bool is_written = co_await transport.write(text);
    transport.set_deadline(TimePoint::max());
    co_return is_written;
}

net::awaitable<void> write_all(Transport& transport, LiveBody& body, Live& live,
                               const Limits& limits) {
    bool was_silent = false;
    while (!live.has_gone) {
        std::string text = body.take();
        if (text.empty() && body.has_ended()) {
            break;
        }
        if (text.empty() && !was_silent) {
            co_await wait_for_bell(live, limits.heartbeat);
            was_silent = live.bell.expiry() <= std::chrono::steady_clock::now();
            continue;
        }
        if (text.empty()) {
            text = body.heartbeat();
        }
        was_silent = false;
        const bool is_written = co_await write_within(transport, text, limits.write);
        if (!is_written) {
            break;
        }
    }
}

}  // namespace

net::awaitable<void> run_live(std::shared_ptr<Transport> transport, std::shared_ptr<LiveBody> body,
                              Sessions& sessions) {
    const net::any_io_executor executor = co_await net::this_coro::executor;
    auto live = std::make_shared<Live>(executor);
    body->open([executor, weak = std::weak_ptr<Live>(live)] {
        net::post(executor, [weak] {
            if (const auto still = weak.lock()) {
                still->bell.cancel();
            }
        });
    });
    transport->set_deadline(TimePoint::max());
    transport->keep_little_unsent();
    net::co_spawn(executor, watch_reader(transport, live), net::detached);
    sessions.set_idle(*transport, true);  // a stop interrupts it
    if (!sessions.is_stopping()) {
        co_await write_all(*transport, *body, *live, sessions.service().limits);
    }
    live->has_gone = true;
    transport->interrupt();
}

}  // namespace sillage::server
