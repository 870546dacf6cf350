#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "server/http/transport.hpp"

// What the transports share. Included by their sources alone: every inclusion costs seconds.

namespace sillage::server {

/// Cancels what a socket is doing once a moment has passed. The timer is armed anew only when the
/// moment comes closer, so moving it further off costs nothing.
template <class Socket>
class Watch : public std::enable_shared_from_this<Watch<Socket>> {
  public:
    explicit Watch(Socket& socket) : socket_(&socket), timer_(socket.get_executor()) {}

    void set(std::chrono::steady_clock::time_point at) {
        at_ = at;
        has_expired_ = false;
        if (at_ < armed_for_) {
            arm();
        }
    }

    void expire() {
        has_expired_ = true;
        if (socket_ != nullptr) {
            boost::system::error_code ignored;
            socket_->cancel(ignored);
        }
    }

    /// The socket is about to go.
    void release() {
        socket_ = nullptr;
        timer_.cancel();
    }

    [[nodiscard]] bool has_expired() const { return has_expired_; }

  private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void arm() {
        armed_for_ = at_;
        timer_.expires_at(at_);
        timer_.async_wait(
            [self = this->shared_from_this()](const boost::system::error_code& error) {
                if (!error && self->socket_ != nullptr) {
                    self->ring();
                }
            });
    }

    void ring() {
        armed_for_ = TimePoint::max();
        if (at_ > std::chrono::steady_clock::now()) {
            arm();
        } else {
            expire();
        }
    }

    Socket* socket_;
    net::steady_timer timer_;
    TimePoint at_ = TimePoint::max();
    TimePoint armed_for_ = TimePoint::max();
    bool has_expired_ = false;
};

/// As much as one write of a live body takes; the system doubles it for its own needs.
inline constexpr int unsent_bytes_max = 64 * 1024;

/// A transport over any Asio stream; `socket()` is the layer that can be cancelled.
template <class Stream>
class StreamTransport : public Transport {
  public:
    using Socket = typename Stream::lowest_layer_type;

    template <class... Arguments>
    explicit StreamTransport(Arguments&&... arguments)
        : stream_(std::forward<Arguments>(arguments)...),
          watch_(std::make_shared<Watch<Socket>>(socket())) {}
    ~StreamTransport() override { watch_->release(); }

    net::awaitable<Received> read_some(std::span<char> space) override {
        if (watch_->has_expired()) {
            co_return Received{.kind = Received::Kind::timed_out};
        }
        const auto buffer = net::buffer(space.data(), space.size());
        const auto [error, count] =
            co_await stream_.async_read_some(buffer, net::as_tuple(net::use_awaitable));
        if (watch_->has_expired()) {
            co_return Received{.kind = Received::Kind::timed_out};
        }
        if (error || count == 0) {
            co_return Received{.kind = Received::Kind::closed};
        }
        co_return Received{.kind = Received::Kind::bytes, .count = count};
    }

    net::awaitable<bool> write(std::string_view bytes) override {
        const auto buffer = net::buffer(bytes.data(), bytes.size());
        const auto [error, count] =
            co_await net::async_write(stream_, buffer, net::as_tuple(net::use_awaitable));
        co_return !error && count == bytes.size();
    }

    void keep_little_unsent() override {
        boost::system::error_code ignored;  // the system keeps what it keeps
        socket().set_option(net::socket_base::send_buffer_size(unsent_bytes_max), ignored);
    }
    void set_deadline(std::chrono::steady_clock::time_point at) override { watch_->set(at); }
    void interrupt() override { watch_->expire(); }

  protected:
    Socket& socket() { return stream_.lowest_layer(); }
    Stream& stream() { return stream_; }

  private:
    Stream stream_;
    std::shared_ptr<Watch<Socket>> watch_;
};

/// The other end's address without the port; empty when it has gone already.
inline std::string address_of_peer(const net::ip::tcp::socket::lowest_layer_type& socket) {
    boost::system::error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
}

}  // namespace sillage::server
