#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "server/http/header_gate.hpp"
#include "server/http/text.hpp"
#include "tests/support/echo_server.hpp"
#include "tests/support/raw_client.hpp"

// Threat TM14, reliability X3: each payload is one on which two programs in a row might disagree
// about where a request ends. All are refused, none reaches a handler, the connection is closed.

namespace sillage::server {

namespace {

struct Payload {
    std::string name;
    std::string bytes;
};

std::string post(const std::string& fields, const std::string& rest = "") {
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + rest;
}

const std::string chunks = "5\r\nhello\r\n0\r\n\r\n";

std::vector<Payload> framings() {
    const std::string hidden = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    return {
        {"chunked on HTTP/1.0",
         "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks},
        {"gzip, then a length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello")},
        {"a length, then gzip", post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", "hello")},
        {"a length, then chunked",
         post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG" + hidden)},
        {"chunked, then a length",
         post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", "0\r\n\r\nG" + hidden)},
        {"gzip alone", post("Transfer-Encoding: gzip\r\n", hidden)},
        {"an unknown coding", post("Transfer-Encoding: xchunked\r\n", hidden)},
        {"chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", hidden)},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", chunks)},
        {"chunked twice in one field", post("Transfer-Encoding: chunked, chunked\r\n", chunks)},
        {"chunked in two fields",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks)},
        {"chunked and identity",
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks)},
        {"identity", post("Transfer-Encoding: identity\r\n", hidden)},
        {"an empty coding", post("Transfer-Encoding:\r\n", hidden)},
        {"chunked with a parameter", post("Transfer-Encoding: chunked;a=b\r\n", chunks)},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", chunks)},
        {"chunked behind a vertical tab", post("Transfer-Encoding: \vchunked\r\n", chunks)},
        {"a blank before the colon", post("Transfer-Encoding : chunked\r\n", chunks)},
        {"a blank before the name", post("A: b\r\n Transfer-Encoding: chunked\r\n", chunks)},
        {"a folded coding", post("Transfer-Encoding:\r\n chunked\r\n", chunks)},
        {"a folded field with a tab", post("A: b\r\n\tc\r\n")},
        {"a first field that is folded", "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n"},
        {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
        {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
        {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello")},
        {"a signed length", post("Content-Length: +5\r\n", "hello")},
        {"a negative length", post("Content-Length: -5\r\n", "hello")},
        {"a hexadecimal length", post("Content-Length: 0x5\r\n", "hello")},
        {"a length with a fraction", post("Content-Length: 5.0\r\n", "hello")},
        {"a length with a blank inside", post("Content-Length: 1 0\r\n", "hello")},
        {"an empty length", post("Content-Length:\r\n", hidden)},
        {"a length past 64 bits", post("Content-Length: 18446744073709551621\r\n", "hello")},
        {"a length in words", post("Content-Length: five\r\n", "hello")},
        {"a length with Arabic digits", post("Content-Length: \xd9\xa5\r\n", "hello")},
    };
}

std::vector<Payload> lines() {
    const std::string get = "GET /echo HTTP/1.1\r\n";
    return {
        {"no host", get + "\r\n"},
        {"two hosts", get + "Host: a\r\nHost: b\r\n\r\n"},
        {"the same host twice", get + "Host: a\r\nHost: a\r\n\r\n"},
        {"an empty host", get + "Host:\r\n\r\n"},
        {"a list of hosts", get + "Host: a, b\r\n\r\n"},
        {"a host with a path", get + "Host: a/b\r\n\r\n"},
        {"a host with a user", get + "Host: a@b\r\n\r\n"},
        {"another host in the target", "GET http://b/echo HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"lines that end in LF", "GET /echo HTTP/1.1\nHost: a\n\n"},
        {"one line that ends in LF", "GET /echo HTTP/1.1\r\nHost: a\nA: b\r\n\r\n"},
        {"a CR inside a line", get + "Host: a\r\nA: b\rc\r\n\r\n"},
        {"a NUL in a value", get + std::string("Host: a\r\nA: b\0c\r\n\r\n", 19)},
        {"a NUL in the target", std::string("GET /echo\0 HTTP/1.1\r\nHost: a\r\n\r\n", 32)},
        {"a control character in a value", get + "Host: a\r\nA: b\x01\r\n\r\n"},
        {"an 8-bit target", "GET /echo?a=\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a tab in the target", "GET /echo?\ta HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a blank in the target", "GET /echo a HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a fragment in the target", "GET /echo#a HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"two blanks before the target", "GET  /echo HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a blank after the version", "GET /echo HTTP/1.1 \r\nHost: a\r\n\r\n"},
        {"a tab as separator", "GET\t/echo\tHTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no version", "GET /echo\r\nHost: a\r\n\r\n"},
        {"a version in small letters", "GET /echo http/1.1\r\nHost: a\r\n\r\n"},
        {"a method that is no token", "G(T /echo HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"an empty line first", "\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"a field without colon", get + "Host: a\r\nab\r\n\r\n"},
        {"a field without name", get + "Host: a\r\n: b\r\n\r\n"},
        {"an 8-bit name", get + "Host: a\r\nA\xc3\xa9: b\r\n\r\n"},
        {"bad UTF-8 in a value", get + "Host: a\r\nA: \xff\r\n\r\n"},
        {"the authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"},
        {"a relative target", "GET echo HTTP/1.1\r\nHost: a\r\n\r\n"},
    };
}

std::vector<Payload> chunkings() {
    const std::string fields = "Transfer-Encoding: chunked\r\n";
    return {
        {"a size with a sign", post(fields, "+5\r\nhello\r\n0\r\n\r\n")},
        {"a size with 0x", post(fields, "0x5\r\nhello\r\n0\r\n\r\n")},
        {"no size", post(fields, "\r\nhello\r\n0\r\n\r\n")},
        {"a size past 64 bits", post(fields, "10000000000000005\r\nhello\r\n0\r\n\r\n")},
        {"a size line that ends in LF", post(fields, "5\nhello\r\n0\r\n\r\n")},
        {"a chunk longer than its size", post(fields, "4\r\nhello\r\n0\r\n\r\n")},
        {"a chunk that ends in LF", post(fields, "5\r\nhello\n0\r\n\r\n")},
        {"a blank before the size", post(fields, " 5\r\nhello\r\n0\r\n\r\n")},
        {"a size in words", post(fields, "five\r\nhello\r\n0\r\n\r\n")},
        {"an extension with LF inside", post(fields, "5;a\nb\r\nhello\r\n0\r\n\r\n")},
        {"a last chunk that ends in LF", post(fields, "5\r\nhello\r\n0\n\n")},
    };
}

bool head_is_taken(const std::string& bytes) {
    const Limits limits;
    const auto end = find_head_end(bytes, limits);
    if (!std::holds_alternative<std::size_t>(end) || std::get<std::size_t>(end) == 0) {
        return false;
    }
    const auto head = read_head(bytes.substr(0, std::get<std::size_t>(end)), limits);
    Request request;
    return std::holds_alternative<Head>(head) &&
           read_target(std::get<Head>(head).target, request).has_value();
}

void check_refused_on_a_socket(const std::vector<Payload>& payloads) {
    test::EchoServer server;
    for (const Payload& payload : payloads) {
        CAPTURE(payload.name);
        test::RawClient client(server.address());

        client.send(payload.bytes);
        client.finish();
        const std::string answer = client.read_answer();

        CHECK(answer.starts_with("HTTP/1.1 400 "));
        CHECK(answer.find("application/problem+json") != std::string::npos);
        CHECK(answer.find("Connection: close") != std::string::npos);
        CHECK(client.read_to_end().empty());
        CHECK(server.seen() == 0);
    }
}

}  // namespace

TEST_SUITE("http/smuggling") {
    TEST_CASE("the gate alone refuses every head that could be read in two ways") {
        for (const auto& payloads : {framings(), lines()}) {
            for (const Payload& payload : payloads) {
                CAPTURE(payload.name);
                CHECK_FALSE(head_is_taken(payload.bytes));
            }
        }
        CHECK(head_is_taken(post("Content-Length: 5\r\n", "hello")));
        CHECK(head_is_taken(post("Transfer-Encoding: chunked\r\n", chunks)));
    }

    TEST_CASE("an ambiguous framing is answered 400 and no request is seen") {
        check_refused_on_a_socket(framings());
    }

    TEST_CASE("a malformed line is answered 400 and no request is seen") {
        check_refused_on_a_socket(lines());
    }

    TEST_CASE("a malformed chunk is answered 400 and no request is seen") {
        check_refused_on_a_socket(chunkings());
    }

    TEST_CASE("what follows a refused request on the connection is never read as one") {
        test::EchoServer server;
        test::RawClient client(server.address());

        client.send(post("Transfer-Encoding: gzip\r\n") + "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
        client.finish();
        client.read_to_end();

        CHECK(server.seen() == 0);
    }
}

}  // namespace sillage::server
