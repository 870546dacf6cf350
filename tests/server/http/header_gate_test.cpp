#include "server/http/header_gate.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sillage::server {

namespace {

const Limits limits;

Head head_of(const std::string& bytes) {
    const auto outcome = read_head(bytes, limits);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
        FAIL(refusal->detail);
    }
    return std::get<Head>(outcome);
}

std::string refusal_of(const std::string& bytes) {
    const auto end = find_head_end(bytes, limits);
    if (const auto* refusal = std::get_if<Refusal>(&end)) {
        return std::string(refusal->problem);
    }
    const auto head = read_head(bytes, limits);
    const auto* refusal = std::get_if<Refusal>(&head);
    return refusal == nullptr ? "" : std::string(refusal->problem);
}

std::string get_with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

}  // namespace

TEST_SUITE("http/header_gate") {
    TEST_CASE("a plain head is read into its parts") {
        const Head head =
            head_of("GET /a?b=c HTTP/1.1\r\nHost: a:80\r\nX-Name:  two words \r\n\r\n");

        CHECK(head.method == "GET");
        CHECK(head.target == "/a?b=c");
        CHECK(head.headers.find("x-name") == "two words");
        CHECK(head.framing == Framing::none);
        CHECK(head.keeps_alive);
    }

    TEST_CASE("a length and the single word chunked are the framings taken") {
        CHECK(head_of(get_with("Content-Length: 17\r\n")).content_length == 17);
        CHECK(head_of(get_with("Content-Length: 0\r\n")).framing == Framing::length);
        CHECK(head_of(get_with("transfer-encoding: Chunked\r\n")).framing == Framing::chunked);
    }

    TEST_CASE("a connection is kept unless the version or the client says otherwise") {
        CHECK_FALSE(head_of("GET / HTTP/1.0\r\nHost: a\r\n\r\n").keeps_alive);
        CHECK_FALSE(head_of(get_with("Connection: TE, Close\r\n")).keeps_alive);
        CHECK(head_of(get_with("Connection: keep-alive\r\n")).keeps_alive);
    }

    TEST_CASE("an absolute target may name the host once more") {
        CHECK(head_of("GET http://a/b HTTP/1.1\r\nHost: A\r\n\r\n").target == "http://a/b");
    }

    TEST_CASE("the end of a head is found once it is there") {
        const std::string head = get_with("");
        for (std::size_t size = 0; size < head.size(); ++size) {
            CAPTURE(size);
            CHECK(std::get<std::size_t>(find_head_end(head.substr(0, size), limits)) == 0);
        }
        CHECK(std::get<std::size_t>(find_head_end(head + "GET /", limits)) == head.size());
    }

    TEST_CASE("each limit has an answer of its own, before the head is complete") {
        const std::string line = "GET / HTTP/1.1\r\nHost: a\r\n";
        CHECK(refusal_of("GET /" + std::string(limits.target_bytes_max, 'a')) == "uri-too-long");
        CHECK(refusal_of(std::string(64, 'A')) == "bad-request");
        CHECK(refusal_of(line + "A: " + std::string(limits.head_bytes_max, 'a')) ==
              "headers-too-large");
        std::string many;
        for (int index = 0; index < 101; ++index) {
            many += "A: b\r\n";
        }
        CHECK(refusal_of(get_with(many)) == "headers-too-large");
        CHECK(refusal_of(get_with("Content-Length: 1048577\r\n")) == "too-large");
    }

    TEST_CASE("a head of exactly the allowed size passes, one byte more does not") {
        const std::string rest = get_with("A: \r\n");
        const std::string fill(limits.head_bytes_max - rest.size(), 'a');

        CHECK(refusal_of(get_with("A: " + fill + "\r\n")).empty());
        CHECK(refusal_of(get_with("A: a" + fill + "\r\n")) == "headers-too-large");
    }

    TEST_CASE("other versions, expectations and encodings are named for what they are") {
        CHECK(refusal_of("PRI * HTTP/2.0\r\n\r\n") == "version");
        CHECK(refusal_of("GET / HTTP/1.2\r\nHost: a\r\n\r\n") == "version");
        CHECK(refusal_of(get_with("Expect: a-miracle\r\n")) == "expectation");
        CHECK(refusal_of(get_with("Content-Encoding: gzip\r\n")) == "media-type");
    }

    TEST_CASE("what says who asks and what for may be said once only") {
        for (const std::string name : {"Authorization", "Content-Type", "Idempotency-Key"}) {
            CHECK(refusal_of(get_with(name + ": a\r\n" + name + ": a\r\n")) == "bad-request");
        }
        CHECK(head_of(get_with("Accept: a\r\nAccept: b\r\n")).keeps_alive);
    }

    TEST_CASE("100-continue is expected only where a body follows") {
        CHECK(head_of(get_with("Expect: 100-continue\r\nContent-Length: 5\r\n")).expects_continue);
        CHECK_FALSE(head_of(get_with("Expect: 100-continue\r\n")).expects_continue);
    }
}

}  // namespace sillage::server
