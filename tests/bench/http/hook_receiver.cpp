// A receiver of webhooks on 127.0.0.1 that verifies each: prints its port, and once so many
// different events have come, `{"events":N,"messages":N,"per_second":N}`, from the first on.
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <CLI/CLI.hpp>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <unordered_set>

namespace sillage::test {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

constexpr std::string_view taken = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::string_view refused = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

std::string base64_decoded(std::string_view text) {
    std::string bytes(text.size() * 3 / 4 + 3, '\0');
    const int count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()));
    const std::size_t padding = text.size() - std::min(text.find('='), text.size());
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count) - padding);
    return bytes;
}

struct Receiver {
    std::string key = {};
    std::size_t wanted = 0;
    std::size_t messages = 0;
    std::unordered_set<std::string> ids = {};
    Clock::time_point begun = {};
    net::io_context context{1};

    bool is_signed(const http::request<http::string_body>& message) const {
        std::string content(message["webhook-id"]);
        content.append(".").append(message["webhook-timestamp"]).append(".").append(message.body());
        std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
        unsigned size = 0;
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(content.data()), content.size(), mac.data(),
             &size);
        std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
        const int length = EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(size));
        return message["webhook-signature"] ==
               "v1," + std::string(text.begin(), text.begin() + length);
    }

    void note(const http::request<http::string_body>& message) {
        if (messages++ == 0) {
            begun = Clock::now();
        }
        ids.emplace(message["webhook-id"]);
        if (ids.size() == wanted) {
            const std::chrono::duration<double> took = Clock::now() - begun;
            std::cout << fmt::format(R"({{"events":{},"messages":{},"per_second":{:.0f}}})",
                                     ids.size(), messages,
                                     static_cast<double>(ids.size()) / took.count())
                      << std::endl;
            context.stop();
        }
    }

    net::awaitable<void> serve(net::ip::tcp::socket socket) {
        boost::beast::flat_buffer buffer;
        for (;;) {
            http::request<http::string_body> message;
            const auto [error, bytes] = co_await http::async_read(
                socket, buffer, message, net::as_tuple(net::use_awaitable));
            if (error) {
                co_return;
            }
            const bool is_good = is_signed(message);
            if (is_good) {
                note(message);
            }
            const auto [unsent, sent] = co_await net::async_write(
                socket, net::buffer(is_good ? taken : refused), net::as_tuple(net::use_awaitable));
            if (unsent) {
                co_return;
            }
        }
    }

    net::awaitable<void> accept(net::ip::tcp::acceptor& acceptor) {
        for (;;) {
            net::ip::tcp::socket socket = co_await acceptor.async_accept(net::use_awaitable);
            socket.set_option(net::ip::tcp::no_delay(true));
            net::co_spawn(context, serve(std::move(socket)), net::detached);
        }
    }
};

int run(int argument_count, const char* const* argument_values) {
    CLI::App app("takes webhooks");
    Receiver receiver;
    std::string secret;
    app.add_option("--secret", secret, "whsec_…")->required();
    app.add_option("--count", receiver.wanted, "of different events")->required();
    CLI11_PARSE(app, argument_count, argument_values);
    receiver.key = base64_decoded(std::string_view(secret).substr(secret.find('_') + 1));
    net::ip::tcp::acceptor acceptor(receiver.context, {net::ip::make_address("127.0.0.1"), 0});
    std::cout << acceptor.local_endpoint().port() << std::endl;
    net::co_spawn(receiver.context, receiver.accept(acceptor), net::detached);
    receiver.context.run();
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace sillage::test

int main(int argument_count, char* argument_values[]) {
    return sillage::test::run(argument_count, argument_values);
}
