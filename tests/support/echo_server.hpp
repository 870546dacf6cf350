#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "server/http/listener.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {

/// A listener on a port of the system's choice, with a small router that counts what it sees:
/// `/echo` gives the body back, `/large` a larger one, `/v1/slow` waits for `release()`, and so on.
class EchoServer {
  public:
    /// What `/large` takes.
    static constexpr std::size_t large_bytes_max = 3UL * 1024 * 1024;

    explicit EchoServer(server::Limits limits = {}, server::ListenOptions options = {}) {
        using server::Method;
        const auto echo = [this](server::Request request) { return answer(std::move(request)); };
        for (const Method method : {Method::get, Method::post}) {
            router_.add(method, "/echo", echo);
            router_.add(method, "/v1/echo", echo);
        }
        router_.add(Method::post, "/large", echo, large_bytes_max);
        router_.add(Method::get, "/unsafe", [](const server::Request&) { return unsafe(); });
        router_.add(Method::get, "/throws", [](const server::Request&) { return throws(); });
        server::Service service;
        service.router = &router_;
        service.limits = limits;
        service.log = [this](std::string_view event, const boost::json::object&) {
            const std::lock_guard lock(mutex_);
            events_.emplace_back(event);
        };
        options.address = "127.0.0.1:0";
        listener_ = ok(server::Listener::start(options, std::move(service)));
    }

    [[nodiscard]] const std::string& address() const { return listener_->address(); }
    [[nodiscard]] int seen() const { return seen_; }
    [[nodiscard]] server::Listener& listener() { return *listener_; }
    [[nodiscard]] std::vector<std::string> events() {
        const std::lock_guard lock(mutex_);
        return events_;
    }

  private:
    server::net::awaitable<Result<server::Response>> answer(server::Request request) {
        ++seen_;
        co_return server::text_response(server::Status::ok, "text/plain", request.body);
    }
    static server::net::awaitable<Result<server::Response>> unsafe() {
        server::Response response = server::text_response(server::Status::ok, "text/plain", "x");
        response.headers.add("Location", "/a\r\nSet-Cookie: a=b");
        co_return response;
    }
    static server::net::awaitable<Result<server::Response>> throws() {
        throw std::runtime_error("secret inner words");
        co_return server::Response{};
    }

    std::atomic<int> seen_ = 0;
    std::mutex mutex_;
    std::vector<std::string> events_;
    server::Router router_;
    std::unique_ptr<server::Listener> listener_;
};

}  // namespace sillage::test
