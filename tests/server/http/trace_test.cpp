#include "server/http/trace.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sillage::server;

namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string traced(std::string text) {
    Headers headers;
    headers.add("Traceparent", std::move(text));
    return std::string(trace_of(headers));
}

std::string with(std::size_t at, char c) {
    std::string text(good);
    text[at] = c;
    return text;
}

}  // namespace

TEST_SUITE("http/trace") {
    TEST_CASE("a traceparent is taken as it came") {
        CHECK(traced(std::string(good)) == good);
        CHECK(trace_id(good) == "4bf92f3577b34da6a3ce929d0e0e4736");
        CHECK(trace_of(Headers{}).empty());
        CHECK(trace_id("").empty());
    }

    TEST_CASE("what a later version says besides is left out") {
        CHECK(traced("cc" + std::string(good.substr(2)) + "-more") ==
              "cc" + std::string(good.substr(2)));
        CHECK(traced(std::string(good) + "-more").empty());
    }

    TEST_CASE("one that is not as it has to be is none") {
        CHECK(traced("").empty());
        CHECK(traced("ff" + std::string(good.substr(2))).empty());
        CHECK(traced("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01").empty());
        CHECK(
            traced("00-4bf92f3577b34da6a3ce929d0e0e4736-" + std::string(16, '0') + "-01").empty());
        for (std::size_t at = 0; at < good.size(); ++at) {
            CAPTURE(at);
            CHECK(traced(with(at, 'G')).empty());
            CHECK(traced(with(at, 'A')).empty());
        }
        CHECK(traced(std::string(good.substr(1))).empty());
    }
}
