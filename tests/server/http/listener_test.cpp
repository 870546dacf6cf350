#include "server/http/listener.hpp"

#include <doctest/doctest.h>

#include <future>

#include "tests/support/echo_server.hpp"
#include "tests/support/raw_client.hpp"

namespace sillage::server {

namespace {

using namespace std::chrono_literals;

const std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";

Result<std::unique_ptr<Listener>> listen_on(const std::string& address) {
    ListenOptions options;
    options.address = address;
    return Listener::start(options, Service{});
}

}  // namespace

TEST_SUITE("http/listener") {
    TEST_CASE("port 0 gives a port of the system's choice") {
        test::EchoServer server;
        CHECK(server.address().starts_with("127.0.0.1:"));
        CHECK_FALSE(server.address().ends_with(":0"));
    }

    TEST_CASE("an address is loopback or not, or none at all") {
        CHECK(test::ok(is_loopback("127.0.0.1:8080")));
        CHECK(test::ok(is_loopback("[::1]:8080")));
        CHECK(test::ok(is_loopback("localhost:0")));
        CHECK_FALSE(test::ok(is_loopback("0.0.0.0:8080")));
        for (const std::string text :
             {"", "8080", "127.0.0.1", "127.0.0.1:", "a:80", "127.0.0.1:65536", "127.0.0.1:8o"}) {
            CAPTURE(text);
            CHECK(test::error_of(is_loopback(text)).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("a port that is taken is refused, not shared") {
        test::EchoServer server;
        const Error error = test::error_of(listen_on(server.address()));

        CHECK(error.code == ErrorCode::unavailable);
        CHECK(error.message.find(server.address()) != std::string::npos);
    }

    TEST_CASE("several threads share one port") {
        test::EchoServer server({}, ListenOptions{.thread_count = 3});
        for (int index = 0; index < 30; ++index) {
            test::RawClient client(server.address());
            client.send(request);
            CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
        }
        CHECK(server.seen() == 30);
    }

    TEST_CASE("a connection too many is closed, and one that leaves makes room") {
        test::EchoServer server(Limits{.connection_count_max = 1});
        {
            test::RawClient first(server.address());
            first.send(request);
            first.read_answer();
            test::RawClient second(server.address());
            CHECK(second.read_to_end().empty());
        }
        for (int attempt = 0; attempt < 1000 && server.seen() < 2; ++attempt) {
            test::RawClient third(server.address());
            third.send(request);
            third.finish();
            third.read_to_end();
        }
        CHECK(server.seen() == 2);
    }

    TEST_CASE("stopping ends idle connections and lets a begun request be answered") {
        test::EchoServer server(Limits{.linger = 50ms});
        test::RawClient idle(server.address());
        idle.send(request);
        idle.read_answer();
        test::RawClient busy(server.address());
        busy.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: "
            "100-continue\r\n\r\n");
        busy.read_answer();

        auto stopped =
            std::async(std::launch::async, [&] { return server.listener().stop(5'000ms); });
        CHECK(idle.read_to_end().empty());
        busy.send("hello");
        const std::string answer = busy.read_answer();
        busy.finish();

        CHECK(answer.ends_with("\r\n\r\nhello"));
        CHECK(answer.find("Connection: close") != std::string::npos);
        busy.read_to_end();
        CHECK(stopped.get());
    }

    TEST_CASE("stopping does not wait longer than it may") {
        test::EchoServer server;
        test::RawClient busy(server.address());
        busy.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: "
            "100-continue\r\n\r\n");
        busy.read_answer();

        CHECK_FALSE(server.listener().stop(50ms));
    }
}

}  // namespace sillage::server
