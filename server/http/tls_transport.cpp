#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "server/http/stream_transport.hpp"

namespace sillage::server {

namespace {

class TlsTransport final : public StreamTransport<net::ssl::stream<net::ip::tcp::socket>> {
  public:
    TlsTransport(net::ip::tcp::socket connected, net::ssl::context& context)
        : StreamTransport(std::move(connected), context), peer_(address_of_peer(socket())) {}

    net::awaitable<bool> open() override {
        const auto [error] = co_await stream().async_handshake(net::ssl::stream_base::server,
                                                               net::as_tuple(net::use_awaitable));
        co_return !error;
    }
    net::awaitable<void> finish() override {
        // Waits for the peer's close_notify, within the deadline set; without one it is cut off.
        const auto [error] = co_await stream().async_shutdown(net::as_tuple(net::use_awaitable));
        boost::system::error_code ignored = error;
        socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    }
    [[nodiscard]] std::string peer() const override { return peer_; }

  private:
    const std::string peer_;
};

Error unusable(const std::string& file, const boost::system::error_code& error) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "The TLS file " + file + " cannot be used: " + error.message() + ".",
                 .where = file};
}

}  // namespace

std::shared_ptr<Transport> make_tls_transport(net::ip::tcp::socket socket,
                                              net::ssl::context& context) {
    return std::make_shared<TlsTransport>(std::move(socket), context);
}

Result<std::shared_ptr<net::ssl::context>> load_tls(const TlsFiles& files) {
    auto context = std::make_shared<net::ssl::context>(net::ssl::context::tls_server);
    boost::system::error_code error;
    context->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
                             net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 |
                             net::ssl::context::no_tlsv1_1 | net::ssl::context::no_compression,
                         error);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
    if (error || context->use_certificate_chain_file(files.certificate, error)) {
        return unusable(files.certificate, error);
    }
    if (context->use_private_key_file(files.key, net::ssl::context::pem, error)) {
        return unusable(files.key, error);
    }
    return context;
}

}  // namespace sillage::server
