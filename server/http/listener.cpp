#include "server/http/listener.hpp"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "server/http/operator_door.hpp"

namespace sillage::server {

using tcp = net::ip::tcp;
using reuse_port = net::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

namespace {

/// After accept failed, which mostly means that no file descriptor is left.
constexpr std::chrono::milliseconds accept_pause{50};
/// Connections of the operator's when no other is let in any more: a person has few at a time.
constexpr std::size_t operator_connections_max = 16;

Result<tcp::endpoint> read_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::string host = text.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code error;
    const auto address = net::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const bool has_port = colon != std::string::npos && [&] {
        const auto [last, wrong] = std::from_chars(text.data() + colon + 1, end, port);
        return wrong == std::errc() && last == end;
    }();
    if (error || !has_port) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "\"" + text +
                                "\" is no address to listen on; write it like 127.0.0.1:8080 or "
                                "[::1]:8080."};
    }
    return tcp::endpoint(address, port);
}

std::string to_text(const tcp::endpoint& endpoint) {
    const std::string host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" +
           std::to_string(endpoint.port());
}

/// Several sockets may listen on one port only when they are all ours (`is_shared`): otherwise a
/// second server on the same port would silently take half of the connections.
Result<tcp::acceptor> bind(net::io_context& context, const tcp::endpoint& endpoint,
                           bool is_shared) {
    tcp::acceptor acceptor(context);
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) {
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error && is_shared) {
        acceptor.set_option(reuse_port(true), error);
    }
    if (!error) {
        acceptor.bind(endpoint, error);
    }
    if (!error) {
        acceptor.listen(net::socket_base::max_listen_connections, error);
    }
    if (error) {
        return Error{
            .code = ErrorCode::unavailable,
            .message = "Cannot listen on " + to_text(endpoint) + ": " + error.message() + "."};
    }
    return acceptor;
}

/// How many connections are open, over all threads.
class ConnectionCount {
  public:
    bool enter(std::size_t most) {
        const std::lock_guard lock(mutex_);
        if (count_ >= most) {
            return false;
        }
        ++count_;
        return true;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        if (--count_ == 0) {
            none_left_.notify_all();
        }
    }
    bool wait_for_none(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        return none_left_.wait_for(lock, most, [&] { return count_ == 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable none_left_;
    std::size_t count_ = 0;
};

/// One I/O thread.
struct Worker {
    Worker(const Service& service, net::ssl::context* tls_context, ConnectionCount& count)
        : sessions(service), tls(tls_context), connections(count) {}

    net::io_context context{1};  // the hint spares locks: one thread runs it
    Sessions sessions;
    net::ssl::context* const tls;  ///< null: plain TCP
    ConnectionCount& connections;
    std::optional<tcp::acceptor> acceptor;
    std::optional<OperatorDoor> door;  ///< the first worker's
    std::thread thread;
};

/// Of a connection that was counted.
void run(Worker& worker, std::shared_ptr<Transport> transport) {
    ConnectionCount& connections = worker.connections;
    net::co_spawn(worker.context, run_session(std::move(transport), worker.sessions),
                  [&connections](const std::exception_ptr&) { connections.leave(); });
}

void serve(Worker& worker, tcp::socket socket) {
    const Service& service = worker.sessions.service();
    if (!worker.connections.enter(service.limits.connection_count_max)) {
        service.log("connection_refused", {{"open", service.limits.connection_count_max}});
        return;
    }
    boost::system::error_code ignored;  // slower at worst
    socket.set_option(tcp::no_delay(true), ignored);
    run(worker, worker.tls == nullptr ? make_tcp_transport(std::move(socket))
                                      : make_tls_transport(std::move(socket), *worker.tls));
}

void serve_operator(Worker& worker, net::local::stream_protocol::socket socket) {
    const Service& service = worker.sessions.service();
    std::optional<std::string> name = worker.door->operator_at(socket);
    const std::size_t most = service.limits.connection_count_max + operator_connections_max;
    if (!name || !worker.connections.enter(most)) {
        service.log("operator_refused", {{"is_known", name.has_value()}});
        return;
    }
    run(worker, make_local_transport(std::move(socket), *std::move(name)));
}

net::awaitable<void> accept_operators(Worker& worker) {
    net::steady_timer pause(worker.context);
    auto& acceptor = worker.door->acceptor();
    while (acceptor.is_open()) {
        auto [error, socket] = co_await acceptor.async_accept(net::as_tuple(net::use_awaitable));
        if (!error) {
            serve_operator(worker, std::move(socket));
        } else if (acceptor.is_open()) {
            worker.sessions.service().log("accept_failed", {{"what", error.message()}});
            pause.expires_after(accept_pause);
            co_await pause.async_wait(net::use_awaitable);
        }
    }
}

/// Not every file system has sockets: a server without the door still serves.
void open_door(Worker& worker, const std::string& folder) {
    auto door = OperatorDoor::open(worker.context, folder);
    if (!door) {
        worker.sessions.service().log("operator_socket_failed", {{"what", door.error().message}});
        return;
    }
    worker.door.emplace(std::move(door).value());
    net::co_spawn(worker.context, accept_operators(worker), net::detached);
}

net::awaitable<void> accept_connections(Worker& worker) {
    net::steady_timer pause(worker.context);
    while (worker.acceptor->is_open()) {
        auto [error, socket] =
            co_await worker.acceptor->async_accept(net::as_tuple(net::use_awaitable));
        if (!error) {
            serve(worker, std::move(socket));
        } else if (worker.acceptor->is_open()) {
            worker.sessions.service().log("accept_failed", {{"what", error.message()}});
            pause.expires_after(accept_pause);
            co_await pause.async_wait(net::use_awaitable);
        }
    }
}

}  // namespace

struct Listener::State {
    Service service;
    std::shared_ptr<net::ssl::context> tls;
    std::string address;
    ConnectionCount connections;
    std::vector<std::unique_ptr<Worker>> workers;

    /// Binds one more worker; the first one's port is everyone's.
    Result<void> add_worker(tcp::endpoint& endpoint, bool is_shared) {
        auto worker = std::make_unique<Worker>(service, tls.get(), connections);
        SILLAGE_TRY(auto acceptor, bind(worker->context, endpoint, is_shared));
        endpoint = acceptor.local_endpoint();
        worker->acceptor.emplace(std::move(acceptor));
        workers.push_back(std::move(worker));
        return success();
    }
    void end() {
        for (const auto& worker : workers) {
            worker->context.stop();
            if (worker->thread.joinable()) {
                worker->thread.join();
            }
            worker->door.reset();  // where nothing was left to run, it is open still
        }
    }
};

Result<bool> is_loopback(const std::string& address) {
    SILLAGE_TRY(const auto endpoint, read_address(address));
    return endpoint.address().is_loopback();
}

Result<std::unique_ptr<Listener>> Listener::start(const ListenOptions& options, Service service) {
    SILLAGE_TRY(auto endpoint, read_address(options.address));
    auto state = std::make_unique<State>();
    state->service = std::move(service);
    state->service.is_tls = options.tls.has_value();
    if (options.tls) {
        SILLAGE_TRY(state->tls, load_tls(*options.tls));
    }
    for (std::size_t index = 0; index < options.thread_count; ++index) {
        SILLAGE_TRY(state->add_worker(endpoint, options.thread_count > 1));
    }
    state->address = to_text(endpoint);
    if (!options.operator_folder.empty()) {
        open_door(*state->workers.front(), options.operator_folder);
    }
    for (const auto& worker : state->workers) {
        net::co_spawn(worker->context, accept_connections(*worker), net::detached);
        worker->thread = std::thread([&context = worker->context] { context.run(); });
    }
    return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}

Listener::~Listener() { state_->end(); }

const std::string& Listener::address() const { return state_->address; }

bool Listener::stop(std::chrono::milliseconds grace) {
    for (const auto& worker : state_->workers) {
        net::post(worker->context, [&worker = *worker] {
            boost::system::error_code ignored;  // it is closed either way
            worker.acceptor->close(ignored);
            if (worker.door) {
                worker.door->close();
            }
            worker.sessions.stop();
        });
    }
    const bool all_gone = state_->connections.wait_for_none(grace);
    state_->end();
    return all_gone;
}

}  // namespace sillage::server
