#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/base/result.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// Threads for work that blocks: hop there, run, hop back.
class Desk {
  public:
    /// One thread is a queue: work is done in the order in which it came.
    Desk(std::size_t thread_count, std::size_t waiting_max);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    /// Finishes what waits and ends the threads; nothing is taken from then on.
    void close();

    /// Runs `work()`, a Result<T>, on one of the threads and resumes on the caller's executor.
    /// `work` may refer to the caller's locals. Name it on the line above (g++ 12).
    /// Errors: those of `work`; unavailable: too much waits, or the desk is closed.
    template <class Work>
    net::awaitable<std::invoke_result_t<Work&>> run(Work work) {
        std::optional<std::invoke_result_t<Work&>> answer;
        const std::function<void()> job = [&] { answer.emplace(work()); };
        co_await perform(job);
        if (!answer) {
            co_return Error{.code = ErrorCode::unavailable, .message = "Too much waits here."};
        }
        co_return std::move(*answer);
    }

  private:
    struct State;

    net::awaitable<void> perform(const std::function<void()>& job);

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
