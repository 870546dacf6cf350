#include "server/http/live_session.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "server/http/listener.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/raw_client.hpp"

namespace sillage::server {

namespace {

using namespace std::chrono_literals;

/// What the test says and the connection writes.
struct Tap {
    std::mutex mutex;
    std::string waiting;
    bool has_ended = false;
    std::function<void()> wake;
    std::promise<void> opened;
    std::promise<void> gone;

    void say(const std::string& text, bool is_last = false) {
        const std::lock_guard lock(mutex);
        waiting += text;
        has_ended = is_last;
        wake();
    }
};

class TapBody final : public LiveBody {
  public:
    explicit TapBody(Tap& tap) : tap_(tap) {}
    ~TapBody() override { tap_.gone.set_value(); }
    void open(std::function<void()> wake) override {
        const std::lock_guard lock(tap_.mutex);
        tap_.wake = std::move(wake);
        tap_.opened.set_value();
    }
    std::string take() override {
        const std::lock_guard lock(tap_.mutex);
        return std::exchange(tap_.waiting, {});
    }
    [[nodiscard]] std::string heartbeat() const override { return "*"; }
    [[nodiscard]] bool has_ended() const override {
        const std::lock_guard lock(tap_.mutex);
        return tap_.has_ended && tap_.waiting.empty();
    }

  private:
    Tap& tap_;
};

net::awaitable<Result<Response>> tapped(Tap& tap) {
    Response response = text_response(Status::ok, "text/event-stream", "begin ");
    response.live = std::make_shared<TapBody>(tap);
    co_return response;
}

struct LiveServer {
    explicit LiveServer(std::chrono::milliseconds heartbeat = 60s) {
        router.add(Method::get, "/tap", [this](Request&) { return tapped(tap); });
        Service service;
        service.router = &router;
        service.limits.heartbeat = heartbeat;
        service.limits.write = 200ms;
        service.log = [](std::string_view, const boost::json::object&) {};
        listener = test::ok(Listener::start({.address = "127.0.0.1:0"}, std::move(service)));
    }
    Tap tap;
    Router router;
    std::unique_ptr<Listener> listener;
};

constexpr auto request = "GET /tap HTTP/1.1\r\nHost: a\r\n\r\n";

bool is_done(std::promise<void>& promise) {
    return promise.get_future().wait_for(10s) == std::future_status::ready;
}

}  // namespace

TEST_SUITE("http/live_session") {
    TEST_CASE("a live body is written as it comes, and the connection ends with it") {
        LiveServer server;
        test::RawClient client(server.listener->address());
        client.send(request);
        REQUIRE(is_done(server.tap.opened));
        server.tap.say("one ");
        server.tap.say("two ", true);
        const std::string answer = client.read_to_end();

        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(answer.find("Content-Length") == std::string::npos);
        CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
        CHECK(answer.ends_with("\r\n\r\nbegin one two "));
        CHECK(is_done(server.tap.gone));
    }

    TEST_CASE("a silent body shows that it lives") {
        LiveServer server(5ms);
        test::RawClient client(server.listener->address());
        client.send(request);
        CHECK(client.read_until("***").find("begin *") != std::string::npos);
    }

    TEST_CASE("HEAD is answered without the body, and the connection goes on") {
        LiveServer server;
        test::RawClient client(server.listener->address());
        client.send("HEAD /tap HTTP/1.1\r\nHost: a\r\n\r\n");
        const std::string answer = client.read_answer(false);

        CHECK(answer.find("Connection: close") == std::string::npos);
        CHECK(is_done(server.tap.gone));
    }

    TEST_CASE("a reader that goes is noticed at once") {
        LiveServer server;
        {
            test::RawClient client(server.listener->address());
            client.send(request);
            REQUIRE(is_done(server.tap.opened));
        }
        CHECK(is_done(server.tap.gone));
    }

    TEST_CASE("S2: a reader that does not read is cut") {
        LiveServer server;
        test::RawClient client(server.listener->address());
        client.send(request);
        REQUIRE(is_done(server.tap.opened));
        server.tap.say(std::string(32UL * 1024 * 1024, 'x'));  // more than any system keeps

        CHECK(is_done(server.tap.gone));
    }

    TEST_CASE("a stop ends streams, and does not wait for them") {
        LiveServer server;
        test::RawClient client(server.listener->address());
        client.send(request);
        REQUIRE(is_done(server.tap.opened));

        CHECK(server.listener->stop(10s));
        CHECK(is_done(server.tap.gone));
    }
}

}  // namespace sillage::server
