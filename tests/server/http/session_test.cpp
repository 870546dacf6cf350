#include "server/http/session.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/echo_server.hpp"
#include "tests/support/raw_client.hpp"

namespace sillage::server {

namespace {

using namespace std::chrono_literals;

std::string get(const std::string& path, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(const std::string& body, const std::string& fields = "") {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + fields + "\r\n" + body;
}

/// The only answer to these bytes; the server must close behind it.
std::string last_answer_to(test::EchoServer& server, const std::string& bytes) {
    test::RawClient client(server.address());
    client.send(bytes);
    const std::string answer = client.read_answer();
    CHECK(client.read_to_end().empty());
    CHECK(answer.find("Connection: close") != std::string::npos);
    return answer;
}

}  // namespace

TEST_SUITE("http/session") {
    TEST_CASE("a connection serves one request after another") {
        test::EchoServer server;
        test::RawClient client(server.address());

        for (const std::string body : {"one", "two", "three"}) {
            client.send(post(body));
            const std::string answer = client.read_answer();
            CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
            CHECK(answer.ends_with("\r\n\r\n" + body));
        }
        CHECK(server.seen() == 3);
    }

    TEST_CASE("requests sent ahead are answered in their order") {
        test::EchoServer server;
        test::RawClient client(server.address());
        std::string bytes;
        for (int index = 0; index < 100; ++index) {
            bytes += post(std::to_string(index));
        }

        client.send(bytes);

        for (int index = 0; index < 100; ++index) {
            CHECK(client.read_answer().ends_with("\r\n\r\n" + std::to_string(index)));
        }
    }

    TEST_CASE("a request may arrive byte by byte") {
        test::EchoServer server;
        test::RawClient client(server.address());
        for (const char byte : post("hello")) {
            client.send(std::string_view(&byte, 1));
        }
        CHECK(client.read_answer().ends_with("\r\n\r\nhello"));
    }

    TEST_CASE("HEAD is answered like GET without the body") {
        test::EchoServer server;
        test::RawClient client(server.address());

        client.send("HEAD /problems HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo"));

        const std::string answer = client.read_answer(false);
        CHECK(answer.starts_with("HTTP/1.1 404 "));
        CHECK(answer.find("\r\nContent-Length: ") != std::string::npos);
        CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
    }

    TEST_CASE("the connection ends when the client or its version asks for it") {
        test::EchoServer server;
        last_answer_to(server, get("/echo", "Connection: close\r\n"));
        last_answer_to(server, "GET /echo HTTP/1.0\r\nHost: a\r\n\r\n");
        CHECK(server.seen() == 2);
    }

    TEST_CASE("a client that waits for 100 Continue is told to go on") {
        test::EchoServer server;
        test::RawClient client(server.address());

        client.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
            "Expect: 100-continue\r\n\r\n");
        CHECK(client.read_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
        client.send("hello");

        CHECK(client.read_answer().ends_with("\r\n\r\nhello"));
    }

    TEST_CASE("a request that takes too long is answered 408") {
        test::EchoServer server(Limits{.request = 50ms});
        for (const std::string part :
             {"GET /ec", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
              "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha"}) {
            CAPTURE(part);
            const std::string answer = last_answer_to(server, part);
            CHECK(answer.starts_with("HTTP/1.1 408 "));
            CHECK(answer.find("/problems/timeout") != std::string::npos);
        }
        CHECK(server.seen() == 0);
    }

    TEST_CASE("an idle connection is closed without a word") {
        test::EchoServer server(Limits{.idle = 50ms});
        test::RawClient fresh(server.address());
        CHECK(fresh.read_to_end().empty());

        test::RawClient used(server.address());
        used.send(get("/echo"));
        used.read_answer();
        CHECK(used.read_to_end().empty());
    }

    TEST_CASE("a client that does not read its answer is cut off") {
        test::EchoServer server(Limits{.write = 50ms, .linger = 50ms});
        test::RawClient client(server.address());
        const std::string mebibyte(1024UL * 1024UL, 'a');
        for (int index = 0; index < 16; ++index) {
            client.send(post(mebibyte));  // returns once the server stops reading and closes
        }
        CHECK(server.seen() < 16);
    }

    TEST_CASE("a body too large is refused before it is read") {
        test::EchoServer server;
        const std::string answer = last_answer_to(
            server, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
        CHECK(answer.starts_with("HTTP/1.1 413 "));

        const std::string chunk = "80000\r\n" + std::string(0x80000, 'a') + "\r\n";
        CHECK(last_answer_to(server,
                             "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n" +
                                 chunk + chunk + chunk)
                  .starts_with("HTTP/1.1 413 "));
        CHECK(server.seen() == 0);
    }

    TEST_CASE("a route with a limit of its own takes larger bodies, and none above that") {
        test::EchoServer server;
        const auto head = [](const std::string& path, std::size_t size) {
            return "POST " + path +
                   " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
        };
        const std::size_t most = test::EchoServer::large_bytes_max;
        const std::string body(most, 'a');
        test::RawClient client(server.address());

        client.send(head("/large", most) + body + post("after"));

        CHECK(client.read_answer().ends_with("\r\n\r\n" + body));
        CHECK(client.read_answer().ends_with("after"));
        CHECK(last_answer_to(server, head("/large", most + 1)).starts_with("HTTP/1.1 413 "));
        CHECK(last_answer_to(server, head("/echo", most)).starts_with("HTTP/1.1 413 "));
        CHECK(last_answer_to(server, head("/unknown", most)).starts_with("HTTP/1.1 413 "));
    }

    TEST_CASE("only so many large bodies are under way at once") {
        test::EchoServer server;
        const std::string body(2'000'000, 'a');
        const std::string head =
            "POST /large HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n";
        std::vector<std::unique_ptr<test::RawClient>> clients;
        const auto begin = [&] {
            clients.push_back(std::make_unique<test::RawClient>(server.address()));
            clients.back()->send(head);
            return clients.back()->read_answer();
        };
        for (std::size_t count = 0; count < large_body_count_max; ++count) {
            CHECK(begin().starts_with("HTTP/1.1 100 "));
        }

        const std::string refused = begin();

        CHECK(refused.starts_with("HTTP/1.1 503 "));
        CHECK(refused.find("\r\nRetry-After: ") != std::string::npos);
        clients.front()->send(body + post("small"));
        CHECK(clients.front()->read_answer().ends_with(body));
        CHECK(clients.front()->read_answer().ends_with("small"));
        CHECK(begin().starts_with("HTTP/1.1 100 "));
    }

    TEST_CASE("a head or a target too large has its own status") {
        test::EchoServer server;
        CHECK(last_answer_to(server, get("/echo", "A: " + std::string(17000, 'a') + "\r\n"))
                  .starts_with("HTTP/1.1 431 "));
        CHECK(
            last_answer_to(server, get("/" + std::string(9000, 'a'))).starts_with("HTTP/1.1 414 "));
        CHECK(last_answer_to(server, "GET / HTTP/3.0\r\nHost: a\r\n\r\n")
                  .starts_with("HTTP/1.1 505 "));
    }

    TEST_CASE("a handler that throws gives 500, its words go to the log alone") {
        test::EchoServer server;
        test::RawClient client(server.address());

        client.send(get("/throws") + get("/echo"));
        const std::string answer = client.read_answer();

        CHECK(answer.starts_with("HTTP/1.1 500 "));
        CHECK(answer.find("secret") == std::string::npos);
        CHECK(client.read_answer().starts_with("HTTP/1.1 200 "));
        CHECK(server.events() == std::vector<std::string>{"exception"});
    }

    TEST_CASE("a header that would split the answer gives 500 instead") {
        test::EchoServer server;
        test::RawClient client(server.address());

        client.send(get("/unsafe"));
        const std::string answer = client.read_answer();

        CHECK(answer.starts_with("HTTP/1.1 500 "));
        CHECK(answer.find("Set-Cookie") == std::string::npos);
        CHECK(server.events() == std::vector<std::string>{"unsafe_header"});
    }

    TEST_CASE("personal answers are not to be stored") {
        test::EchoServer server;
        test::RawClient client(server.address());
        client.send(get("/v1/echo") + get("/echo"));
        const std::string personal = client.read_answer();
        CHECK(personal.find("Cache-Control: no-store") != std::string::npos);
        CHECK(personal.find("Vary: Authorization") != std::string::npos);
        CHECK(client.read_answer().find("Vary") == std::string::npos);
    }
}

}  // namespace sillage::server
