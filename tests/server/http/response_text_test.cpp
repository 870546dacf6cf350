#include "server/http/response_text.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

Envelope envelope() { return Envelope{.request_id = "req_1", .date = "today"}; }

}  // namespace

TEST_SUITE("http/response_text") {
    TEST_CASE("head and body are one string with length, date and id") {
        const std::string text =
            response_text(text_response(Status::ok, "text/plain", "hello"), envelope()).value();

        CHECK(text.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(text.find("\r\nContent-Length: 5\r\n") != std::string::npos);
        CHECK(text.find("\r\nDate: today\r\n") != std::string::npos);
        CHECK(text.find("\r\nX-Request-Id: req_1\r\n") != std::string::npos);
        CHECK(text.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
        CHECK(text.find("\r\nReferrer-Policy: no-referrer\r\n") != std::string::npos);
        CHECK(text.ends_with("\r\n\r\nhello"));
    }

    TEST_CASE("HEAD keeps the length and leaves the body out, 204 has neither") {
        Envelope head = envelope();
        head.is_head = true;
        const std::string to_head =
            response_text(text_response(Status::ok, "text/plain", "hello"), head).value();
        CHECK(to_head.find("Content-Length: 5\r\n") != std::string::npos);
        CHECK(to_head.ends_with("\r\n\r\n"));

        const std::string nothing =
            response_text(Response{.status = Status::no_content}, envelope()).value();
        CHECK(nothing.find("Content-Length") == std::string::npos);
    }

    TEST_CASE("TM19: nothing is cached unless the route says so") {
        Response response = text_response(Status::ok, "text/plain", "");
        CHECK(response_text(response, envelope())->find("Cache-Control: no-store") !=
              std::string::npos);

        response.headers.set("Cache-Control", "private");
        CHECK(response_text(response, envelope())->find("no-store") == std::string::npos);
    }

    TEST_CASE("TM19: what lies under /v1 says that it depends on who asks") {
        Envelope personal = envelope();
        personal.is_under_v1 = true;
        Response response = text_response(Status::ok, "text/plain", "");
        CHECK(response_text(response, personal)->find("Vary: Authorization, Cookie") !=
              std::string::npos);
        CHECK(response_text(response, envelope())->find("Vary") == std::string::npos);
    }

    TEST_CASE("a page may load its own scripts, data may load nothing") {
        const auto policy_of = [](const std::string& type) {
            const std::string text =
                response_text(text_response(Status::ok, type, ""), envelope()).value();
            const std::size_t at = text.find("Content-Security-Policy: ");
            return text.substr(at, text.find("\r\n", at) - at);
        };
        CHECK(policy_of("text/html; charset=utf-8").find("script-src 'self'") != std::string::npos);
        CHECK(policy_of("application/json").find("script-src") == std::string::npos);
    }

    TEST_CASE("a value that could split the response is never written") {
        for (const std::string_view value :
             {std::string_view("a\r\nb"), std::string_view("a\nb"), std::string_view("a\rb"),
              std::string_view("a\0b", 3), std::string_view("a\x7f")}) {
            Response response;
            response.headers.add("Location", std::string(value));
            CHECK_FALSE(response_text(response, envelope()).has_value());
        }
        Response response;
        response.headers.add("Bad Name", "a");
        CHECK_FALSE(response_text(response, envelope()).has_value());
    }

    TEST_CASE("dates are written as RFC 9110 asks") {
        CHECK(http_date(test::ok(parse_instant("1994-11-06T08:49:37.999Z"))) ==
              "Sun, 06 Nov 1994 08:49:37 GMT");
        CHECK(http_date(Instant{0}) == "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}

}  // namespace sillage::server
