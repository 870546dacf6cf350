#include "server/gate/gate.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/runtime/runtime.hpp"

namespace sillage::server {

namespace {

/// Work between two looks at whether a sync has ended: so much, or as little as takes so long.
constexpr std::size_t turn_max = 16;
constexpr std::chrono::milliseconds turn_time{1};
/// What one sync carries. Chosen: a disk of 100 MB/s takes 80 ms for it.
constexpr std::size_t batch_bytes_max = 8UL * 1024UL * 1024UL;

Error too_busy() {
    return Error{.code = ErrorCode::unavailable,
                 .message = "The server has more to do than it can hold; try again in a moment."};
}

/// Wakes each executor once for all its callers.
template <class Callers>
void resume_all(Callers callers) {
    while (!callers.empty()) {
        const net::any_io_executor executor = callers.front().executor;
        const auto others =
            std::stable_partition(callers.begin(), callers.end(),
                                  [&](const auto& caller) { return caller.executor == executor; });
        Callers same(std::make_move_iterator(callers.begin()), std::make_move_iterator(others));
        callers.erase(callers.begin(), others);
        net::post(executor, [same = std::move(same)] {
            for (const auto& caller : same) {
                caller.resume();
            }
        });
    }
}

bool is_final_for_the_store(const Error& error) {
    return error.code == ErrorCode::storage_failed || error.code == ErrorCode::corrupt;
}

}  // namespace

/// Whoever waits: the work, where to note how it went, and how to wake the caller.
struct Gate::Caller {
    const Job* job;
    bool* is_done;
    std::optional<Error>* failure;
    /// Goes on with the caller; on its own executor only.
    std::function<void()> resume;
    net::any_io_executor executor;
    std::chrono::steady_clock::time_point since;
};

struct Gate::State {
    State(Runtime& engine, std::size_t most) : runtime(engine), callers_max(most) {}

    Runtime& runtime;
    const std::size_t callers_max;
    std::atomic<bool> has_failed = false;
    std::mutex mutex;  ///< guards what follows
    std::condition_variable changed;
    std::deque<Caller> waiting;
    std::size_t caller_count = 0;  ///< who was let in and is not yet resumed
    bool is_stopping = false;
    bool has_synced = false;  ///< the sync under way has ended, and with which error
    std::optional<Error> sync_error;
    /// Touched by the engine's thread alone: who waits for the sync under way, and for the next.
    std::vector<Caller> syncing;
    std::vector<Caller> unsynced;
    /// Who needs no sync.
    std::vector<Caller> ready;
    bool is_syncing = false;
    std::thread thread;  ///< touched by whoever owns the gate alone

    /// With the mutex locked.
    [[nodiscard]] bool has_room() const {
        return !is_stopping && !has_failed && caller_count < callers_max;
    }
    /// Whether the next batch has to leave before more is added to it. The engine's thread only.
    [[nodiscard]] bool is_batch_full() const {
        return runtime.store().unsynced_bytes() >= batch_bytes_max;
    }
    /// The engine's thread only.
    void let_go(std::vector<Caller>& callers) {
        {
            const std::lock_guard lock(mutex);
            caller_count -= callers.size();
        }
        resume_all(std::exchange(callers, {}));
    }
};

Gate::Gate(Runtime& runtime, std::size_t callers_max)
    : state_(std::make_unique<State>(runtime, callers_max)) {
    runtime.leave_syncs_to_caller();
    state_->thread = std::thread([this] { work_until_stopped(); });
}

Gate::~Gate() { stop(); }

bool Gate::ready() const { return !state_->has_failed; }

std::size_t Gate::waiting_count() const {
    const std::lock_guard lock(state_->mutex);
    return state_->waiting.size();
}

Result<void> Gate::check_room() const {
    const std::lock_guard lock(state_->mutex);
    return state_->has_room() ? Result<void>(success()) : too_busy();
}

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
    std::optional<Error> failure;
    // Called with the rest of the coroutine as `handler`, which has to be resumed on `executor`.
    auto enqueue = [&](auto handler) {
        auto rest = std::make_shared<decltype(handler)>(std::move(handler));
        Caller caller{.job = &job,
                      .is_done = &is_done,
                      .failure = &failure,
                      .resume = [rest] { std::move (*rest)(); },
                      // Keeps its context running as long as the caller waits.
                      .executor = net::prefer(executor, net::execution::outstanding_work.tracked),
                      .since = std::chrono::steady_clock::now()};
        const std::unique_lock lock(state_->mutex);
        if (!state_->has_room()) {
            net::post(executor, std::move(caller.resume));
            return;
        }
        state_->waiting.push_back(std::move(caller));
        ++state_->caller_count;
        state_->changed.notify_one();
    };
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(enqueue, net::use_awaitable);
    if (!is_done) {
        co_return too_busy();
    }
    if (failure) {
        co_return std::move(*failure);
    }
    co_return success();
}

void Gate::fail(const Error& error) {
    const bool is_first = !state_->has_failed.exchange(true);
    if (is_first && on_failure) {
        on_failure(error);
    }
}

void Gate::run_one(Caller& caller) {
    const auto began = std::chrono::steady_clock::now();
    const Error* error = (*caller.job)(state_->runtime);
    if (on_work) {
        on_work({.waited = began - caller.since, .ran = std::chrono::steady_clock::now() - began});
    }
    *caller.is_done = true;
    if (error != nullptr && is_final_for_the_store(*error)) {
        fail(*error);
    }
    if (state_->runtime.store().needs_sync()) {
        state_->unsynced.push_back(std::move(caller));
    } else {
        state_->ready.push_back(std::move(caller));
    }
}

void Gate::sync() {
    state_->syncing.swap(state_->unsynced);
    state_->is_syncing = true;
    state_->runtime.store().sync([state = state_.get()](Result<void> outcome) {
        {
            const std::lock_guard lock(state->mutex);
            state->has_synced = true;
            if (!outcome) {
                state->sync_error = std::move(outcome).error();
            }
        }
        state->changed.notify_one();
    });
}

void Gate::finish_sync(const std::optional<Error>& error) {
    if (error && is_final_for_the_store(*error)) {
        fail(*error);
    }
    for (const Caller& caller : state_->syncing) {
        *caller.failure = error;
    }
    state_->let_go(state_->syncing);
    state_->is_syncing = false;
}

bool Gate::run_turn() {
    State& state = *state_;
    const auto end = std::chrono::steady_clock::now() + turn_time;
    std::size_t count = 0;
    const auto has_time = [&] {
        return count == 0 || (count < turn_max && std::chrono::steady_clock::now() < end);
    };
    while (has_time() && !state.is_batch_full()) {
        std::optional<Caller> next;
        {
            const std::lock_guard lock(state.mutex);
            if (state.waiting.empty()) {
                break;
            }
            next = std::move(state.waiting.front());
            state.waiting.pop_front();
        }
        ++count;
        if (state.has_failed) {
            state.ready.push_back(*std::move(next));
        } else {
            run_one(*next);
        }
    }
    return count > 0;
}

void Gate::work_until_stopped() {
    State& state = *state_;
    for (;;) {
        bool has_synced = false;
        std::optional<Error> sync_error;
        {
            std::unique_lock lock(state.mutex);
            state.changed.wait(lock, [&] {
                return (!state.waiting.empty() && !state.is_batch_full()) || state.has_synced ||
                       (state.is_stopping && !state.is_syncing);
            });
            has_synced = std::exchange(state.has_synced, false);
            sync_error = std::exchange(state.sync_error, std::nullopt);
        }
        if (has_synced) {
            finish_sync(sync_error);
        }
        if (state.is_batch_full() && !state.is_syncing) {
            sync();
        }
        const bool has_run = run_turn();
        // Before the sync: whoever is shown an entry has seen what this turn changed before it.
        if (after_turn && has_run && !state.has_failed) {
            after_turn(state.runtime);
            state.runtime.store().needs_sync();  // nobody is told of what it saw
        }
        if (!state.unsynced.empty() && !state.is_syncing) {
            sync();
        }
        state.let_go(state.ready);
        if (!has_run && !has_synced && !state.is_syncing) {
            return;  // it stops, and nothing waits
        }
    }
}

}  // namespace sillage::server
