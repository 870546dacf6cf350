#include "server/webhooks/desk.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace sillage::server {
namespace {

struct Waiting {
    const std::function<void()>* job;
    std::function<void()> resume;
    net::any_io_executor executor;
};

}  // namespace

struct Desk::State {
    explicit State(std::size_t most) : waiting_max(most) {}

    void work() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return is_closing || !waiting.empty(); });
            if (waiting.empty()) {
                return;
            }
            Waiting next = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            (*next.job)();
            net::post(next.executor, std::move(next.resume));
            lock.lock();
        }
    }

    const std::size_t waiting_max;
    std::mutex mutex;  ///< guards what follows
    std::condition_variable changed;
    std::deque<Waiting> waiting;
    bool is_closing = false;
    std::vector<std::thread> threads;
};

Desk::Desk(std::size_t thread_count, std::size_t waiting_max)
    : state_(std::make_unique<State>(waiting_max)) {
    for (std::size_t index = 0; index < thread_count; ++index) {
        state_->threads.emplace_back([this] { state_->work(); });
    }
}

Desk::~Desk() { close(); }

void Desk::close() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_closing = true;
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) {
        thread.join();
    }
    state_->threads.clear();
}

net::awaitable<void> Desk::perform(const std::function<void()>& job) {
    const net::any_io_executor executor = co_await net::this_coro::executor;
    // Called with the rest of the coroutine as `handler`, which has to be resumed on `executor`.
    auto enqueue = [&](auto handler) {
        auto rest = std::make_shared<decltype(handler)>(std::move(handler));
        Waiting next{.job = &job,
                     .resume = [rest] { std::move (*rest)(); },
                     // Keeps its context running as long as the caller waits.
                     .executor = net::prefer(executor, net::execution::outstanding_work.tracked)};
        const std::lock_guard lock(state_->mutex);
        if (state_->is_closing || state_->waiting.size() >= state_->waiting_max) {
            net::post(executor, std::move(next.resume));
            return;
        }
        state_->waiting.push_back(std::move(next));
        state_->changed.notify_one();
    };
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(enqueue, net::use_awaitable);
}

}  // namespace sillage::server
