#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/base/result.hpp"

namespace sillage {
class Runtime;
}

namespace sillage::server {

namespace net = boost::asio;

/// How many may wait, for the engine or for the sync of what they wrote. At 20,000 steps a second
/// the last of them waits a twentieth of a second; whoever comes after is better told to come back
/// than kept.
inline constexpr std::size_t gate_callers_max = 1024;

/// The engine's one thread: hop there, run, hop back.
///
/// The runtime is touched by this thread alone from the constructor to the end of `stop`.
/// The thread runs what waits in order of arrival. Whoever wrote, or read what was not yet on the
/// disk, is resumed after a sync; while one is under way work goes on, and the next one serves all
/// that came by then, unless that is as much as one sync shall carry: then work waits, too.
/// Whoever needs no sync is resumed at once.
/// The hooks are set before the first `run`, and called on the engine's thread.
class Gate {
  public:
    /// Starts the thread. `runtime` must outlive the gate.
    explicit Gate(Runtime& runtime, std::size_t callers_max = gate_callers_max);
    /// Stops.
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    /// Runs `work(runtime)` on the engine's thread and resumes on the caller's executor with its
    /// result, a Result<T>. `work` may refer to the caller's locals: the caller waits.
    /// Errors: those of `work`; unavailable: too many wait, or the gate is stopping or has failed;
    /// storage_full: what it wrote is not kept; storage_failed: whether it is, is unknown.
    /// Name the lambda on the line above (g++ 12 destroys temporaries in `co_await` twice):
    ///     auto submit = [&](Runtime& runtime) { return runtime.submit(…); };
    ///     SILLAGE_CO_TRY(const auto receipt, co_await gate.run(submit));
    template <class Work>
    net::awaitable<std::invoke_result_t<Work&, Runtime&>> run(Work work) {
        std::optional<std::invoke_result_t<Work&, Runtime&>> answer;
        const Job job = [&](Runtime& runtime) -> const Error* {
            answer.emplace(work(runtime));
            return answer->has_value() ? nullptr : &answer->error();
        };
        SILLAGE_CO_TRY(co_await perform(job));
        co_return std::move(*answer);
    }

    /// Whether work that came now would be taken: to be asked before anything is spent on it.
    /// Errors: unavailable: too many wait, or the gate is stopping or has failed.
    [[nodiscard]] Result<void> check_room() const;

    /// False for good once work here ended in storage_failed or corrupt; what readiness asks first.
    /// Whether there is room to write is the runtime's to say.
    [[nodiscard]] bool ready() const;

    /// Called once, when an error says that the outcome of a write is unknown or that what was read
    /// contradicts itself (storage_failed, corrupt): the process shall stop and start anew.
    std::function<void(const Error&)> on_failure;

    /// Called after each turn of work, before its callers are resumed: to look at what has changed.
    std::function<void(Runtime&)> after_turn;

    /// How long a piece of work waited for its turn, and how long it ran.
    struct Times {
        std::chrono::nanoseconds waited{};
        std::chrono::nanoseconds ran{};
    };
    /// Called after each piece of work; null: nothing is measured.
    std::function<void(const Times&)> on_work;

    /// How many wait for their turn. From any thread.
    [[nodiscard]] std::size_t waiting_count() const;

    /// Takes no more work, finishes what waits, ends the thread. Callers still waiting are resumed
    /// as their executors run.
    void stop();

  private:
    using Job = std::function<const Error*(Runtime&)>;
    struct State;
    struct Caller;

    /// Waits for its turn, and until the job is done. `job` must outlive the wait.
    net::awaitable<Result<void>> perform(const Job& job);
    void run_one(Caller& caller);
    /// Some of what waits. Gives whether there was any.
    bool run_turn();
    void fail(const Error& error);
    void sync();
    void finish_sync(const std::optional<Error>& error);
    void work_until_stopped();

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
