#include "server/gate/gate.hpp"

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace sillage::server {

namespace {

Error too_busy() {
    return Error{.code = ErrorCode::unavailable,
                 .message = "The server has more to do than it can hold; try again in a moment."};
}

bool is_final_for_the_store(const Error& error) {
    return error.code == ErrorCode::storage_failed || error.code == ErrorCode::corrupt;
}

}  // namespace

/// Whoever waits: the work, where to note that it was done, and how to wake the caller.
struct Gate::Caller {
    const Job* job;
    bool* is_done;
    std::function<void()> resume;
};

struct Gate::State {
    State(Runtime& engine, std::size_t most) : runtime(engine), waiting_max(most) {}

    Runtime& runtime;
    const std::size_t waiting_max;
    std::atomic<bool> has_failed = false;
    std::mutex mutex;  ///< guards what follows
    std::condition_variable changed;
    std::vector<Caller> waiting;
    bool is_stopping = false;
    std::thread thread;  ///< touched by whoever owns the gate alone
};

Gate::Gate(Runtime& runtime, std::size_t waiting_max)
    : state_(std::make_unique<State>(runtime, waiting_max)) {
    state_->thread = std::thread([this] { work_until_stopped(); });
}

Gate::~Gate() { stop(); }

bool Gate::ready() const { return !state_->has_failed; }

void Gate::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_one();
    if (state_->thread.joinable()) {
        state_->thread.join();
    }
}

net::awaitable<Result<void>> Gate::perform(const Job& job) {
    const net::any_io_executor executor = co_await net::this_coro::executor;
    bool is_done = false;
    // Called with the rest of the coroutine as `handler`, which has to be resumed on `executor`.
    auto enqueue = [&](auto handler) {
        auto rest = std::make_shared<decltype(handler)>(std::move(handler));
        std::function<void()> resume = [rest, guard = net::make_work_guard(executor)] {
            net::post(guard.get_executor(), [rest] { std::move (*rest)(); });
        };
        const std::unique_lock lock(state_->mutex);
        if (state_->is_stopping || state_->has_failed ||
            state_->waiting.size() >= state_->waiting_max) {
            resume();
            return;
        }
        state_->waiting.push_back(Caller{&job, &is_done, std::move(resume)});
        state_->changed.notify_one();
    };
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(enqueue, net::use_awaitable);
    if (!is_done) {
        co_return too_busy();
    }
    co_return success();
}

void Gate::run_one(const Caller& caller) {
    const Error* error = (*caller.job)(state_->runtime);
    *caller.is_done = true;
    if (error != nullptr && is_final_for_the_store(*error)) {
        state_->has_failed = true;
        if (on_failure) {
            on_failure(*error);
        }
    }
}

void Gate::work_until_stopped() {
    for (;;) {
        std::vector<Caller> batch;
        {
            std::unique_lock lock(state_->mutex);
            state_->changed.wait(lock,
                                 [&] { return state_->is_stopping || !state_->waiting.empty(); });
            if (state_->waiting.empty()) {
                return;
            }
            batch.swap(state_->waiting);
        }
        for (const Caller& caller : batch) {
            if (!state_->has_failed) {
                run_one(caller);
            }
        }
        if (after_batch && !state_->has_failed) {
            after_batch(state_->runtime);
        }
        for (const Caller& caller : batch) {
            caller.resume();
        }
    }
}

}  // namespace sillage::server
