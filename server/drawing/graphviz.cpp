// Graphviz in our own process would leak and is not thread-safe, so it runs in another: its input
// and output are bounded, and whatever happens here, the process does not outlive the call.
#include "server/drawing/graphviz.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace sillage::server {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes of the program's complaint that are kept. Chosen: its first lines say what is wrong.
constexpr std::size_t complaint_bytes_max = 2'000;

class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    void close() {
        if (number_ >= 0) {
            ::close(std::exchange(number_, -1));
        }
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

  private:
    int number_;
};

/// The two ends of a channel: `ours` never blocks; a full or closed one raises no signal.
struct Channel {
    Descriptor ours;
    Descriptor theirs;
};

Error failed_call(const std::string& what) {
    return {.code = ErrorCode::unavailable, .message = what + ": " + std::strerror(errno) + "."};
}

Result<Channel> open_channel() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failed_call("A channel to the layout program cannot be opened");
    }
    Channel channel{.ours = Descriptor(ends[0]), .theirs = Descriptor(ends[1])};
    if (::fcntl(channel.ours.number(), F_SETFL, O_NONBLOCK) != 0) {
        return failed_call("A channel to the layout program cannot be set up");
    }
    return channel;
}

/// A child process. Killed, if need be, and waited for when it goes out of scope.
class Process {
  public:
    explicit Process(pid_t pid) : pid_(pid) {}
    Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    Process& operator=(Process&&) = delete;
    ~Process() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    /// Its wait status; nothing when it has not ended by then.
    std::optional<int> wait_until(Clock::time_point end) {
        const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        pollfd ended{.fd = handle.number(), .events = POLLIN, .revents = 0};
        if (::poll(&ended, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) != 1) {
            return std::nullopt;
        }
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return status;
    }

  private:
    pid_t pid_;
};

struct Streams {
    Channel input;
    Channel output;
    Channel complaint;
};

Result<Process> start(const LayoutCall& call, const Streams& streams) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, streams.input.theirs.number(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, streams.output.theirs.number(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, streams.complaint.theirs.number(), 2);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);  // no connection outlives us in it
    std::string program = call.program;
    std::string format = "-Tsvg";
    std::array<char*, 3> words = {program.data(), format.data(), nullptr};
    pid_t pid = -1;
    const int failure =
        ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure == ENOENT) {
        return Error{.code = ErrorCode::unavailable,
                     .message = "The program \"" + call.program +
                                "\" lays diagrams out, and it is not installed; Debian's package "
                                "graphviz has it. \"--to dot\" and \"--to mermaid\" need no "
                                "program."};
    }
    if (failure != 0) {
        errno = failure;
        return failed_call("The program \"" + call.program + "\" cannot be started");
    }
    return Process(pid);
}

/// Sends what the channel takes; closes it when all is sent or nobody reads on.
void send_some(Descriptor& to, std::string_view& rest) {
    const ssize_t sent = ::send(to.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (rest.empty() || (sent < 0 && errno != EAGAIN && errno != EINTR)) {
        to.close();
    }
}

/// Takes what there is; closes the channel at its end.
void receive_some(Descriptor& from, std::string& text) {
    std::array<char, 65'536> bytes{};
    const ssize_t count = ::read(from.number(), bytes.data(), bytes.size());
    if (count > 0) {
        text.append(bytes.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        from.close();
    }
}

struct Answer {
    std::string output = {};
    std::string complaint = {};
};

Error too_much(const LayoutCall& call, const std::string& what) {
    return {.code = ErrorCode::limit_exceeded,
            .message = "The program \"" + call.program + "\" " + what};
}

/// Talks to the program until it has closed its output, or a limit is passed.
Result<Answer> converse(const LayoutCall& call, Streams& streams, std::string_view graph,
                        Clock::time_point end) {
    Answer answer;
    while (streams.output.ours.is_open() || streams.complaint.ours.is_open()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        // poll passes over a negative descriptor: a channel that is closed.
        std::array<pollfd, 3> waiting = {
            {{.fd = streams.input.ours.number(), .events = POLLOUT, .revents = 0},
             {.fd = streams.output.ours.number(), .events = POLLIN, .revents = 0},
             {.fd = streams.complaint.ours.number(), .events = POLLIN, .revents = 0}}};
        const int ready = left.count() > 0 ? ::poll(waiting.data(), waiting.size(),
                                                    static_cast<int>(left.count()))
                                           : 0;
        if (ready == 0) {
            return too_much(call, "took longer than " + std::to_string(call.time_max.count()) +
                                      " ms and was stopped.");
        }
        if (waiting[0].revents != 0) {
            send_some(streams.input.ours, graph);
        }
        if (waiting[1].revents != 0) {
            receive_some(streams.output.ours, answer.output);
        }
        if (waiting[2].revents != 0) {
            receive_some(streams.complaint.ours, answer.complaint);
            answer.complaint.resize(std::min(answer.complaint.size(), complaint_bytes_max));
        }
        if (answer.output.size() > call.output_bytes_max) {
            return too_much(call, "wrote more than " + std::to_string(call.output_bytes_max) +
                                      " bytes and was stopped.");
        }
    }
    return answer;
}

}  // namespace

Result<std::string> lay_out(const std::string& graph, const LayoutCall& call) {
    const auto end = Clock::now() + call.time_max;
    SILLAGE_TRY(auto input, open_channel());
    SILLAGE_TRY(auto output, open_channel());
    SILLAGE_TRY(auto complaint, open_channel());
    Streams streams{
        .input = std::move(input), .output = std::move(output), .complaint = std::move(complaint)};
    SILLAGE_TRY(auto process, start(call, streams));
    for (Channel* channel : {&streams.input, &streams.output, &streams.complaint}) {
        channel->theirs.close();
    }
    SILLAGE_TRY(auto answer, converse(call, streams, graph, end));
    const auto status = process.wait_until(end);
    if (!status) {
        return too_much(call, "did not end in time and was stopped.");
    }
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
        return Error{
            .code = ErrorCode::unavailable,
            .message = "The program \"" + call.program + "\" failed: " +
                       (answer.complaint.empty() ? "it gives no reason." : answer.complaint)};
    }
    return std::move(answer.output);
}

}  // namespace sillage::server
