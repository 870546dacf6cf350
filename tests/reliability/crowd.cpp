// Far more clients than a server holds: each sends one event after another on a connection of its
// own, and none waits after a refusal. Says as JSON what came of it.

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <vector>

#include "tests/bench/http/load.hpp"

namespace {

using namespace sillage::test;
using Clock = std::chrono::steady_clock;

/// What is behind its time by more is not made up for.
constexpr std::chrono::milliseconds behind_max{50};

/// The requests that the clients send, in turn.
std::vector<std::string> read_requests(const std::string& targets) {
    constexpr std::string_view body = R"({"event":"note","data":{"token":"crowd"}})";
    std::ifstream file(targets);
    std::vector<std::string> requests;
    for (std::string path, token; file >> path >> token;) {
        requests.push_back(
            fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                        path, token, body.size(), body));
    }
    must(!requests.empty(), "there are targets, a path and a token a line");
    return requests;
}

/// What came of the requests that were answered while it counted.
struct Outcome {
    std::size_t good = 0;
    std::vector<double> refusals_ms = {};
    std::map<int, std::size_t> others = {};

    void add(int status, double ms) {
        if (status == 200) {
            ++good;
        } else if (status == 429 || status == 503) {
            refusals_ms.push_back(ms);
        } else {
            ++others[status];
        }
    }
    double refusal_p99_ms() {
        if (refusals_ms.empty()) {
            return 0;
        }
        const auto at =
            refusals_ms.begin() + static_cast<std::ptrdiff_t>((refusals_ms.size() - 1) * 99 / 100);
        std::nth_element(refusals_ms.begin(), at, refusals_ms.end());
        return *at;
    }
};

/// Lets a request be sent whenever it is time for one.
class Pace {
  public:
    /// 0: it always is.
    explicit Pace(std::int64_t per_second)
        : between_(per_second == 0 ? 0 : 1'000'000'000 / per_second) {}

    void wait() {
        if (between_.count() != 0) {
            next_ = std::max(next_ + between_, Clock::now() - behind_max);
            timer_.expires_at(next_);
            timer_.wait();
        }
    }

  private:
    std::chrono::nanoseconds between_;
    Clock::time_point next_ = Clock::now();
    boost::asio::io_context context_;
    boost::asio::steady_timer timer_{context_};
};

void allow_many_connections() {
    rlimit limit{};
    must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "the limit of descriptors can be read");
    limit.rlim_cur = limit.rlim_max;
    must(setrlimit(RLIMIT_NOFILE, &limit) == 0, "the limit of descriptors can be raised");
}

Outcome run(const LoadOptions& load, const std::vector<std::string>& requests, Pace& pace) {
    Outcome outcome;
    std::vector<Clock::time_point> sent(load.connection_count);
    const auto from = Clock::now() + load.warm;
    const auto to = from + load.measured;
    Exchange exchange;
    exchange.next = [&](std::size_t client, std::string& request) {
        request = requests[client % requests.size()];
        pace.wait();
        sent[client] = Clock::now();
        return true;
    };
    exchange.answered = [&](std::size_t client, const Answer& answer) {
        const auto now = Clock::now();
        if (now >= from && now < to) {
            const std::chrono::duration<double, std::milli> took = now - sent[client];
            outcome.add(answer.status, took.count());
        }
    };
    [[maybe_unused]] const Figures figures = run_load(load, exchange);
    return outcome;
}

}  // namespace

int main(int argc, char** argv) {
    LoadOptions load;
    std::string targets;
    std::int64_t seconds = 5;
    std::int64_t warm_seconds = 1;
    std::int64_t rate = 0;
    CLI::App app("Sends more than a server can do.");
    app.add_option("--port", load.port, "of the server on 127.0.0.1")->required();
    app.add_option("--clients", load.connection_count, "connections at once");
    app.add_option("--seconds", seconds, "that count");
    app.add_option("--warm", warm_seconds, "before that: all have their connections, and wait");
    app.add_option("--rate", rate, "requests a second at most, of all together; 0: no limit");
    app.add_option("--targets", targets, "FILE: a path and a token a line")->required();
    CLI11_PARSE(app, argc, argv);
    load.warm = std::chrono::seconds(warm_seconds);
    load.measured = std::chrono::seconds(seconds);
    allow_many_connections();
    Pace pace(rate);
    Outcome outcome = run(load, read_requests(targets), pace);
    std::string others;
    for (const auto& [status, count] : outcome.others) {
        others += fmt::format(R"({}"{}":{})", others.empty() ? "" : ",", status, count);
    }
    std::cout << fmt::format(
        R"({{"per_second":{},"refused":{},"refusal_p99_ms":{:.1f},"others":{{{}}}}})"
        "\n",
        outcome.good / static_cast<std::size_t>(seconds), outcome.refusals_ms.size(),
        outcome.refusal_p99_ms(), others);
    return 0;
}
