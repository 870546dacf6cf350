#include "tests/bench/http/load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

namespace sillage::test {
namespace {

using Clock = std::chrono::steady_clock;

/// An answer that is measured fits: a status has about one KiB.
constexpr std::size_t answer_bytes = std::size_t{16} * 1024;
/// Larger than any answer at all.
constexpr std::size_t answer_bytes_max = std::size_t{256} * 1024;
/// Longer than any server that works lets a closed loop wait.
constexpr int patience_ms = 30'000;
/// As many as there are connections in the largest load.
constexpr std::size_t ready_count_max = 256;

bool same_word(std::string_view left, std::string_view right) {
    return left.size() == right.size() && strncasecmp(left.data(), right.data(), right.size()) == 0;
}

std::size_t number_in(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    must(error == std::errc{} && end != text.data(), "numbers in an answer are numbers");
    return number;
}

/// How the end of a body is found: its length, or nothing for a chunked one.
std::optional<std::size_t> body_length(std::string_view head) {
    constexpr std::string_view length_field = "content-length:";
    constexpr std::string_view coding_field = "transfer-encoding:";
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;) {
        const std::size_t begin = at + 2;
        at = head.find("\r\n", begin);
        const std::string_view line = head.substr(begin, at - begin);
        if (same_word(line.substr(0, length_field.size()), length_field)) {
            return number_in(line.substr(length_field.size()));
        }
        if (same_word(line.substr(0, coding_field.size()), coding_field)) {
            return std::nullopt;
        }
    }
    must(false, "an answer has a length or chunks");
    return std::nullopt;
}

class Socket {
  public:
    explicit Socket(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        must(fd_ >= 0 && connect(fd_, generic, sizeof(address)) == 0, "the server can be reached");
        const int on = 1;
        must(setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0, "TCP_NODELAY is set");
    }
    ~Socket() { close(fd_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

    /// A request is far smaller than a socket's buffer, so it goes as a whole.
    void send_all(std::string_view bytes) const {
        const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        must(sent == static_cast<ssize_t>(bytes.size()), "a request can be sent");
    }

  private:
    int fd_;
};

class Connection {
  public:
    explicit Connection(std::uint16_t port) : socket_(port), bytes_(answer_bytes) {}

    [[nodiscard]] int fd() const { return socket_.fd(); }
    [[nodiscard]] Clock::time_point sent_at() const { return sent_at_; }

    void send(std::string_view request, Clock::time_point now) {
        used_ = 0;
        sent_at_ = now;
        socket_.send_all(request);
    }

    /// Takes what has arrived; the answer once it is whole.
    std::optional<Answer> receive() {
        if (used_ == bytes_.size() && used_ < answer_bytes_max) {
            bytes_.resize(answer_bytes_max);
        }
        const ssize_t got = recv(fd(), bytes_.data() + used_, bytes_.size() - used_, 0);
        must(got > 0, "the server keeps its connections");
        used_ += static_cast<std::size_t>(got);
        return read_answer({bytes_.data(), used_});
    }

  private:
    Socket socket_;
    std::vector<char> bytes_;
    std::size_t used_ = 0;
    Clock::time_point sent_at_ = {};
};

double processor_seconds() {
    rusage usage{};
    must(getrusage(RUSAGE_SELF, &usage) == 0, "the processor's time can be read");
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The loop of one load.
class Loop {
  public:
    Loop(const LoadOptions& options, const Exchange& exchange)
        : options_(options), exchange_(exchange), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        must(epoll_ >= 0, "there is an epoll");
        for (std::size_t index = 0; index < options.connection_count; ++index) {
            connections_.push_back(std::make_unique<Connection>(options.port));
            epoll_event interest{.events = EPOLLIN, .data = {.u64 = index}};
            must(epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->fd(), &interest) == 0,
                 "epoll takes a connection");
        }
    }
    ~Loop() { close(epoll_); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    Figures run() {
        const double processor_begin = processor_seconds();
        const bool to_the_last = options_.measured.count() == 0;
        const auto begin = Clock::now();
        counted_from_ = begin + options_.warm;
        counted_to_ = to_the_last ? Clock::time_point::max() : counted_from_ + options_.measured;
        for (std::size_t index = 0; index < connections_.size(); ++index) {
            send_next(index, begin);
        }
        while (waiting_count_ > 0) {
            serve_ready();
        }
        const auto end = std::min(counted_to_, Clock::now());
        const std::chrono::duration<double> seconds = end - counted_from_;
        return figures(seconds.count(), processor_seconds() - processor_begin);
    }

  private:
    void serve_ready() {
        std::array<epoll_event, ready_count_max> ready{};
        const int count = epoll_wait(epoll_, ready.data(), ready.size(), patience_ms);
        must(count > 0, "the server answers within half a minute");
        for (int at = 0; at < count; ++at) {
            const std::size_t index = ready[static_cast<std::size_t>(at)].data.u64;
            if (const auto answer = connections_[index]->receive()) {
                take(index, *answer);
            }
        }
    }

    void take(std::size_t index, const Answer& answer) {
        const auto now = Clock::now();
        --waiting_count_;
        ++answer_count_;
        if (now >= counted_from_ && now < counted_to_) {
            latencies_.push_back(now - connections_[index]->sent_at());
        }
        exchange_.answered(index, answer);
        if (now < counted_to_) {
            send_next(index, now);
        }
    }

    void send_next(std::size_t index, Clock::time_point now) {
        request_.clear();
        if (exchange_.next(index, request_)) {
            connections_[index]->send(request_, now);
            ++waiting_count_;
        }
    }

    double percentile_ms(std::size_t percent) {
        must(!latencies_.empty(), "something was answered while it counted");
        const auto at = latencies_.begin() +
                        static_cast<std::ptrdiff_t>((latencies_.size() - 1) * percent / 100);
        std::nth_element(latencies_.begin(), at, latencies_.end());
        return std::chrono::duration<double, std::milli>(*at).count();
    }

    Figures figures(double seconds, double processor) {
        return {.answer_count = answer_count_,
                .per_second = static_cast<double>(latencies_.size()) / seconds,
                .p50_ms = percentile_ms(50),
                .p99_ms = percentile_ms(99),
                .load_us = processor * 1e6 / static_cast<double>(answer_count_)};
    }

    LoadOptions options_;
    const Exchange& exchange_;
    int epoll_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::string request_;
    std::size_t waiting_count_ = 0;
    std::size_t answer_count_ = 0;
    Clock::time_point counted_from_ = {};
    Clock::time_point counted_to_ = {};
    std::vector<Clock::duration> latencies_;
};

}  // namespace

void must(bool holds, std::string_view words) {
    if (!holds) {
        std::cerr << "http_load: it does not hold that " << words << '\n';
        std::exit(1);
    }
}

std::optional<Answer> read_answer(std::string_view bytes) {
    constexpr std::string_view head_end = "\r\n\r\n";
    constexpr std::string_view version = "HTTP/1.1 ";
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    const std::size_t head = bytes.find(head_end);
    if (head == std::string_view::npos) {
        return std::nullopt;
    }
    must(bytes.starts_with(version), "the server speaks HTTP/1.1");
    const std::string_view body = bytes.substr(head + head_end.size());
    const auto length = body_length(bytes.substr(0, head));
    if (length ? body.size() < *length : !body.ends_with(last_chunk)) {
        return std::nullopt;
    }
    must(!length || body.size() == *length, "an answer ends where it says");
    return Answer{.status = static_cast<int>(number_in(bytes.substr(version.size(), 3))),
                  .body = body};
}

Figures run_load(const LoadOptions& options, const Exchange& exchange) {
    return Loop(options, exchange).run();
}

std::string fetch(std::uint16_t port, std::string_view request) {
    Connection connection(port);
    connection.send(request, Clock::now());
    std::optional<Answer> answer;
    while (!answer) {
        answer = connection.receive();
    }
    must(answer->status / 100 == 2,
         "a request is accepted, and not refused with " + std::string(answer->body));
    return std::string(answer->body);
}

}  // namespace sillage::test
