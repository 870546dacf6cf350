#include "server/http/stream_transport.hpp"

namespace sillage::server {

namespace {

using local = net::local::stream_protocol;

class LocalTransport final : public StreamTransport<local::socket> {
  public:
    LocalTransport(local::socket connected, std::string operator_name)
        : StreamTransport(std::move(connected)), operator_name_(std::move(operator_name)) {}

    net::awaitable<bool> open() override { co_return true; }
    net::awaitable<void> finish() override {
        boost::system::error_code ignored;  // the peer may be gone already
        socket().shutdown(local::socket::shutdown_send, ignored);
        co_return;
    }
    [[nodiscard]] std::string peer() const override { return "local"; }
    [[nodiscard]] std::string operator_name() const override { return operator_name_; }

  private:
    const std::string operator_name_;
};

}  // namespace

std::shared_ptr<Transport> make_local_transport(local::socket socket, std::string operator_name) {
    return std::make_shared<LocalTransport>(std::move(socket), std::move(operator_name));
}

}  // namespace sillage::server
