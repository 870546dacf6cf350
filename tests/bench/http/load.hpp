#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// A closed loop of HTTP/1.1 over keep-alive connections of the loopback: each connection sends a
// request, waits for the answer, sends the next. One thread, one epoll, two system calls a request:
// the load shares the machine with what it measures. Whatever goes wrong ends the program, since a
// figure of something that went wrong is worse than none.

namespace sillage::test {

/// Ends the program with these words unless it holds.
void must(bool holds, std::string_view words);

/// An answer that has arrived as a whole.
struct Answer {
    int status = 0;
    /// Of a chunked one: with the lines between the chunks.
    std::string_view body = {};
};

/// The answer that `bytes` hold, or nothing while some are missing.
[[nodiscard]] std::optional<Answer> read_answer(std::string_view bytes);

/// What a load sends and what it makes of the answers.
struct Exchange {
    /// Writes the connection's next request into `request`; false: it has none left.
    std::function<bool(std::size_t connection, std::string& request)> next = {};
    /// Is given the answer to the connection's last request.
    std::function<void(std::size_t connection, const Answer& answer)> answered = {};
};

struct LoadOptions {
    std::uint16_t port = 0;
    std::size_t connection_count = 1;
    /// Is not counted.
    std::chrono::milliseconds warm{1'000};
    /// Is counted; zero: until no connection has a request left, all of it counted.
    std::chrono::milliseconds measured{5'000};
};

struct Figures {
    std::size_t answer_count = 0;
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    /// Processor time of this program for an answer.
    double load_us = 0;
};

[[nodiscard]] Figures run_load(const LoadOptions& options, const Exchange& exchange);

/// One request on a connection of its own; the answer's body. The status must be 2xx.
[[nodiscard]] std::string fetch(std::uint16_t port, std::string_view request);

}  // namespace sillage::test
