#include "server/http/stream_transport.hpp"

namespace sillage::server {

namespace {

class TcpTransport final : public StreamTransport<net::ip::tcp::socket> {
  public:
    explicit TcpTransport(net::ip::tcp::socket connected)
        : StreamTransport(std::move(connected)), peer_(address_of_peer(socket())) {}

    net::awaitable<bool> open() override { co_return true; }
    net::awaitable<void> finish() override {
        boost::system::error_code ignored;  // the peer may be gone already
        socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
        co_return;
    }
    [[nodiscard]] std::string peer() const override { return peer_; }

  private:
    const std::string peer_;
};

}  // namespace

std::shared_ptr<Transport> make_tcp_transport(net::ip::tcp::socket socket) {
    return std::make_shared<TcpTransport>(std::move(socket));
}

}  // namespace sillage::server
