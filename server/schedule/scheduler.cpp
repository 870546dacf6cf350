#include "server/schedule/scheduler.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sillage::server {

Scheduler::Scheduler(Gate& gate, const net::any_io_executor& executor, ScheduleOptions options)
    : gate_(gate), options_(std::move(options)), timer_(executor) {
    gate_.after_turn = [this](Runtime& runtime) { look(runtime); };
}

void Scheduler::stop() {
    is_stopping_ = true;
    timer_.cancel();
}

bool Scheduler::is_due() const { return next_due_ <= options_.clock().milliseconds; }

net::awaitable<void> Scheduler::run() {
    bool has_succeeded = co_await fire();  // what fell due while nobody was there
    while (!is_stopping_) {
        if (has_succeeded && !is_due()) {
            const std::chrono::milliseconds left(next_due_ - options_.clock().milliseconds);
            co_await sleep(std::min(left, options_.sleep_max));
            continue;
        }
        if (!has_succeeded) {
            co_await sleep(options_.retry);
        }
        if (!is_stopping_) {
            has_succeeded = co_await fire();
        }
    }
}

net::awaitable<bool> Scheduler::fire() {
    const Instant now = options_.clock();
    const Duration late{std::max<std::int64_t>(now.milliseconds - next_due_, 0)};
    const std::size_t most = options_.batch_max;
    auto work = [&](Runtime& runtime) { return runtime.fire_due(now, most); };
    const Result<FireReport> outcome = co_await gate_.run(work);
    if (!outcome) {
        options_.log("timers_not_fired", {{"code", name_of(outcome.error().code)}});
        co_return false;
    }
    const FireReport& report = outcome.value();
    tell(report);
    if (options_.on_fired && report.fired > 0) {
        options_.on_fired(report.fired, late);
    }
    if (report.is_cut_short && report.fired == 0) {
        co_await sleep(options_.look_pause);
    }
    co_return report.fired > 0 || report.is_cut_short || report.failures.empty();
}

net::awaitable<void> Scheduler::sleep(std::chrono::milliseconds wait) {
    timer_.expires_after(wait);
    // Cancelled when something nearer falls due.
    [[maybe_unused]] const auto ended =
        co_await timer_.async_wait(net::as_tuple(net::use_awaitable));
}

void Scheduler::look(Runtime& runtime) {
    const Result<std::optional<Instant>> next = runtime.next_due();
    if (!next) {
        return;  // whoever writes next is told; the last known moment stands until then
    }
    const std::int64_t before = next_due_;
    next_due_ = next.value().value_or(instant_max).milliseconds;
    if (next_due_ < before) {
        net::post(timer_.get_executor(), [this] { timer_.cancel(); });
    }
}

void Scheduler::tell(const FireReport& report) {
    std::string failures;
    for (const FireFailure& failure : report.failures) {
        failures += failure.instance + " ";
    }
    // A damaged instance stays damaged: said once, not at every turn.
    if (failures != failures_reported_ && !failures.empty()) {
        for (const FireFailure& failure : report.failures) {
            options_.log("timer_failed", {{"instance", failure.instance},
                                          {"code", name_of(failure.error.code)},
                                          {"message", failure.error.message}});
        }
    }
    failures_reported_ = std::move(failures);
}

}  // namespace sillage::server
