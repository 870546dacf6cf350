#include "server/webhooks/connection.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <resolv.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace sillage::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;
using boost::system::error_code;

/// Threads that ask for names: a name server that does not answer holds one of them.
constexpr std::size_t resolver_threads = 8;
constexpr std::size_t resolver_waiting_max = 1'024;
/// Seconds that a name server has, and how often it is asked: three that are silent cost ten, which
/// is what an end of the server may wait for.
constexpr int name_server_seconds = 2;
constexpr int name_server_tries = 2;
/// Answers of status 1xx before the one that counts.
constexpr int informational_max = 8;
/// Of an answer's body that is read at once.
constexpr std::size_t piece_bytes = 4096;

std::string words_for(const error_code& error) {
    if (error == beast::error::timeout) {
        return "No answer came within 15 seconds.";
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error == net::error::eof || error == net::ssl::error::stream_truncated) {
        return "The connection was closed before the answer had ended.";
    }
    return "The connection failed: " + error.message() + ".";
}

/// Since that moment.
Duration elapsed(Deadline since) {
    return Duration{std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now() - since)
                        .count()};
}

Reply failed(const error_code& error, int status = 0) {
    return Reply{.status = status, .failure = words_for(error)};
}

Error unavailable(std::string message) {
    return Error{.code = ErrorCode::unavailable, .message = std::move(message)};
}

template <class Fields>
std::vector<std::string> lines_of(const Fields& fields) {
    std::vector<std::string> lines;
    for (const auto& field : fields) {
        lines.push_back(std::string(field.name_string()) + ": " + std::string(field.value()));
    }
    return lines;
}

/// Tells the server which of its hosts is meant (RFC 6066, 3); addresses are not told.
void name_host(SSL* tls, std::string host) {
    error_code error;
    net::ip::make_address(host, error);
    if (error) {
        SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
    }
}

using Parser = http::response_parser<http::buffer_body>;

/// A connection over that stream.
template <class Stream>
class ConnectionOver : public Connection {
  public:
    explicit ConnectionOver(Stream stream) : stream_(std::move(stream)) {}

    Stream& stream() { return stream_; }

    net::awaitable<Reply> exchange(std::string request, Deadline deadline) override {
        beast::get_lowest_layer(stream_).expires_at(deadline);
        const auto [unsent, sent] = co_await net::async_write(stream_, net::buffer(request),
                                                              net::as_tuple(net::use_awaitable));
        if (unsent) {
            co_return failed(unsent);
        }
        const Deadline sent_at = std::chrono::steady_clock::now();
        for (int count = 0; count < informational_max; ++count) {
            Parser parser;
            parser.header_limit(static_cast<std::uint32_t>(answer_head_bytes_max));
            parser.body_limit(boost::none);
            const auto [error, bytes] = co_await http::async_read_header(
                stream_, buffer_, parser, net::as_tuple(net::use_awaitable));
            if (error) {
                co_return failed(error);
            }
            if (parser.get().result_int() >= 200) {
                const Duration waited = elapsed(sent_at);
                Reply reply = co_await read_body(parser);
                reply.times.wait = waited;
                co_return reply;
            }
        }
        co_return Reply{.failure = "The answer never came to its end."};
    }

  private:
    net::awaitable<Reply> read_body(Parser& parser) {
        Reply reply;
        reply.status = static_cast<int>(parser.get().result_int());
        reply.headers = lines_of(parser.get());
        std::array<char, piece_bytes> piece{};
        while (!parser.is_done() && reply.body.size() < answer_bytes_max) {
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            const auto [error, bytes] = co_await http::async_read(
                stream_, buffer_, parser, net::as_tuple(net::use_awaitable));
            reply.body.append(piece.data(), piece.size() - parser.get().body().size);
            if (error && error != http::error::need_buffer) {
                reply.failure = words_for(error);
                co_return reply;
            }
        }
        reply.body.resize(std::min(reply.body.size(), answer_bytes_max));
        reply.is_reusable = parser.is_done() && parser.get().keep_alive();
        used_at = std::chrono::steady_clock::now();
        co_return reply;
    }

    Stream stream_;
    beast::flat_buffer buffer_;
};

using Plain = ConnectionOver<beast::tcp_stream>;
using Secure = ConnectionOver<beast::ssl_stream<beast::tcp_stream>>;

using Addresses = std::vector<net::ip::address>;

/// What a name leads to, as the system's resolver says. Blocks.
Result<Addresses> look_up(const std::string& host) {
    // The resolver's state is each thread's own. Read anew here, so that a changed resolv.conf
    // counts; what glibc reads anew by itself would forget the two numbers.
    if (::res_init() == 0) {
        _res.options |= RES_NORELOAD;
        _res.retrans = name_server_seconds;
        _res.retry = name_server_tries;
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
        return unavailable("There is no host " + host + ".");
    }
    Addresses addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0) {
            error_code error;
            const auto address = net::ip::make_address(text.data(), error);
            if (!error) {
                addresses.push_back(address);
            }
        }
    }
    ::freeaddrinfo(found);
    return addresses;
}

}  // namespace

struct Dialer::State {
    /// A name that is looked up, perhaps for longer than anybody waits.
    struct Asked {
        explicit Asked(const net::any_io_executor& executor) : bell(executor) {}
        net::steady_timer bell;
        std::optional<Result<Addresses>> found = {};
    };

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { is_closing = true; }

    AllowedTargets allowed;
    net::ssl::context tls{net::ssl::context::tls_client};
    /// Nobody waits for names any more: what is queued for the resolver's threads is let go.
    std::atomic<bool> is_closing = false;
    Desk resolver{resolver_threads, resolver_waiting_max};

    net::awaitable<void> ask(std::shared_ptr<Asked> asked, std::string host) {
        auto look = [&]() -> Result<Addresses> {
            return is_closing ? unavailable("The server is ending.") : look_up(host);
        };
        asked->found = co_await resolver.run(look);
        asked->bell.cancel();
    }

    net::awaitable<Result<Addresses>> look_up_until(std::string host, Deadline deadline) {
        const auto executor = co_await net::this_coro::executor;
        const auto asked = std::make_shared<Asked>(executor);
        asked->bell.expires_at(deadline);
        net::co_spawn(executor, ask(asked, std::move(host)), net::detached);
        [[maybe_unused]] const auto rung =
            co_await asked->bell.async_wait(net::as_tuple(net::use_awaitable));
        if (!asked->found) {
            co_return unavailable("No name server answered within 15 seconds.");
        }
        co_return *std::move(asked->found);
    }

    /// Every address is one that may be called; there is one.
    net::awaitable<Result<Addresses>> resolve(const Target& target, Deadline deadline) {
        Addresses addresses;
        error_code error;
        const auto literal = net::ip::make_address(target.host, error);
        if (error) {
            SILLAGE_CO_TRY(addresses, co_await look_up_until(target.host, deadline));
        } else {
            addresses.push_back(literal);
        }
        for (const net::ip::address& address : addresses) {
            SILLAGE_CO_TRY(check_address(target, address, allowed));
        }
        if (addresses.empty()) {
            co_return unavailable("There is no host " + target.host + ".");
        }
        co_return addresses;
    }

    net::awaitable<Result<ConnectionPointer>> secure(beast::tcp_stream tcp_stream,
                                                     const Target& target) {
        beast::ssl_stream<beast::tcp_stream> stream(std::move(tcp_stream), tls);
        stream.set_verify_mode(net::ssl::verify_peer);
        stream.set_verify_callback(net::ssl::host_name_verification(target.host));
        name_host(stream.native_handle(), target.host);
        const auto [error] = co_await stream.async_handshake(net::ssl::stream_base::client,
                                                             net::as_tuple(net::use_awaitable));
        if (error) {
            co_return unavailable(error == beast::error::timeout
                                      ? words_for(error)
                                      : "TLS with " + target.host + " failed: " + error.message() +
                                            ".");
        }
        co_return std::make_unique<Secure>(std::move(stream));
    }
};

Dialer::Dialer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Dialer::~Dialer() = default;

Result<std::unique_ptr<Dialer>> Dialer::make(AllowedTargets allowed, const std::string& ca_file) {
    auto state = std::make_unique<State>();
    state->allowed = std::move(allowed);
    error_code error;
    state->tls.set_default_verify_paths(error);
    if (!error && !ca_file.empty()) {
        state->tls.load_verify_file(ca_file, error);
    }
    if (error) {
        return Error{
            .code = ErrorCode::invalid_argument,
            .message = "The certificates to trust cannot be read: " + error.message() + ".",
            .where = ca_file};
    }
    SSL_CTX_set_min_proto_version(state->tls.native_handle(), TLS1_2_VERSION);
    return std::unique_ptr<Dialer>(new Dialer(std::move(state)));
}

net::awaitable<Result<ConnectionPointer>> Dialer::open(const Target& target, Deadline deadline) {
    const Deadline begun = std::chrono::steady_clock::now();
    AttemptTimes times;
    SILLAGE_CO_TRY(const auto addresses, co_await state_->resolve(target, deadline));
    times.name_lookup = elapsed(begun);
    const Deadline resolved = std::chrono::steady_clock::now();
    std::vector<tcp::endpoint> endpoints;
    for (const net::ip::address& address : addresses) {
        endpoints.emplace_back(address, target.port);
    }
    const auto executor = co_await net::this_coro::executor;
    beast::tcp_stream stream(executor);
    stream.expires_at(deadline);
    const auto [error, endpoint] =
        co_await stream.async_connect(endpoints, net::as_tuple(net::use_awaitable));
    if (error) {
        co_return unavailable(error == beast::error::timeout
                                  ? "No connection came about within 15 seconds."
                                  : "Nobody answers at " + target.authority() + ": " +
                                        error.message() + ".");
    }
    times.connect = elapsed(resolved);
    const Deadline connected = std::chrono::steady_clock::now();
    error_code ignored;
    stream.socket().set_option(tcp::no_delay(true), ignored);
    ConnectionPointer connection;
    if (target.is_tls) {
        SILLAGE_CO_TRY(connection, co_await state_->secure(std::move(stream), target));
        times.tls = elapsed(connected);
    } else {
        connection = std::make_unique<Plain>(std::move(stream));
    }
    connection->opening = times;
    connection->opened_at = std::chrono::steady_clock::now();
    connection->used_at = connection->opened_at;
    co_return connection;
}

}  // namespace sillage::server
