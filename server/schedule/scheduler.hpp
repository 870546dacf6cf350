#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "engine/runtime/runtime.hpp"
#include "server/gate/gate.hpp"
#include "server/http/clock.hpp"
#include "server/http/log.hpp"

namespace sillage::server {

struct ScheduleOptions {
    Clock clock = system_now;
    Log log = log_to_standard_error;
    /// Told how many timers fired in a turn, and how late the first of them was; null: nobody is.
    std::function<void(std::size_t fired, Duration late)> on_fired = {};
    /// Timers fired in one turn at the gate: about 100 ms of work, so that requests get theirs.
    std::size_t batch_max = 32;
    /// The longest sleep. A machine's clock may jump: then a timer is late by this, at most.
    std::chrono::milliseconds sleep_max{1'000};
    /// The wait after a turn in which nothing could be fired (full storage, a damaged instance).
    std::chrono::milliseconds retry{1'000};
    /// The wait after a look for due timers that was cut short, so that the store gets on with what
    /// it found.
    std::chrono::milliseconds look_pause{5};
};

/// Fires timers when they are due.
class Scheduler {
  public:
    /// Hooks into the gate, which must not have run anything yet, and must be stopped before the
    /// scheduler goes. All but the hook happens on `executor`, a single thread's.
    Scheduler(Gate& gate, const net::any_io_executor& executor, ScheduleOptions options);

    /// Fires and sleeps until stopped.
    net::awaitable<void> run();
    /// Ends `run` after the turn it is in. On the executor.
    void stop();

  private:
    [[nodiscard]] bool is_due() const;
    /// False: nothing could be done; wait before the next turn.
    net::awaitable<bool> fire();
    net::awaitable<void> sleep(std::chrono::milliseconds wait);
    /// On the engine's thread: what is due next may have changed.
    void look(Runtime& runtime);
    void tell(const FireReport& report);

    Gate& gate_;
    ScheduleOptions options_;
    net::steady_timer timer_;
    bool is_stopping_ = false;
    std::string failures_reported_;
    /// In milliseconds as Instant; written by the engine's thread.
    std::atomic<std::int64_t> next_due_ = instant_max.milliseconds;
};

}  // namespace sillage::server
