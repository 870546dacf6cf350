#include "server/schedule/sandbox.hpp"

#include "engine/calendar/calendar.hpp"

namespace sillage::server {

namespace {

/// Settings of the data folder.
constexpr std::string_view kind_setting = "folder_kind";
constexpr std::string_view now_setting = "sandbox_now";
constexpr std::string_view kind_sandbox = "sandbox";
constexpr std::string_view kind_real = "real";

/// Timers fired in one turn at the gate, so that other requests get theirs.
constexpr std::size_t batch_max = 256;

Result<void> store_now(Store& store, Instant now) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(transaction->set(now_setting, to_string(now)));
    return transaction->commit();
}

Error wrong_kind(bool is_sandbox) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = is_sandbox
                                ? "The data folder is a sandbox's: serve it with --sandbox, or "
                                  "choose another with --data."
                                : "The data folder is a real one, never to be served with "
                                  "--sandbox: choose another with --data."};
}

Result<std::optional<Instant>> clock_in(ReadView& view) {
    SILLAGE_TRY(const auto kind, view.setting(kind_setting));
    if (kind != kind_sandbox) {
        return std::optional<Instant>();
    }
    SILLAGE_TRY(const auto now, view.setting(now_setting));
    SILLAGE_TRY(const auto at, parse_instant(now.value_or("")));
    return std::optional<Instant>(at);
}

}  // namespace

Result<Instant> Sandbox::after(std::string_view by) const {
    SILLAGE_TRY(const auto duration, parse_duration(by));
    SILLAGE_TRY(auto zone, load_zone("UTC"));
    WorkCalendar calendar;
    calendar.zone = std::move(zone);
    return add(calendar, now(), duration);
}

void Sandbox::move_to(Instant at) {
    std::int64_t before = now_;
    while (before < at.milliseconds && !now_.compare_exchange_weak(before, at.milliseconds)) {
    }
}

net::awaitable<Result<Advanced>> Sandbox::advance(Gate& gate, Instant to) {
    if (to < now()) {
        co_return Error{
            .code = ErrorCode::invalid_argument,
            .message = "The clock stands at " + to_string(now()) + " and goes forward only.",
            .where = "/to"};
    }
    auto persist = [&](Runtime& runtime) { return store_now(runtime.store(), to); };
    SILLAGE_CO_TRY(co_await gate.run(persist));
    std::size_t fired = 0;
    bool has_more = true;
    while (has_more) {
        if (fired > advance_timers_max) {
            co_return Error{.code = ErrorCode::limit_exceeded,
                            .message = "More than " + std::to_string(advance_timers_max) +
                                       " timers fell due; the clock stands at " + to_string(now()) +
                                       "."};
        }
        auto fire = [&](Runtime& runtime) { return runtime.fire_due(to, batch_max); };
        SILLAGE_CO_TRY(const FireReport report, co_await gate.run(fire));
        fired += report.fired;
        has_more =
            (report.fired > 0 || report.is_cut_short) && report.next_due && *report.next_due <= to;
        move_to(has_more ? *report.next_due : to);
    }
    Advanced advanced;
    advanced.now = now();
    advanced.fired = fired;
    co_return advanced;
}

Result<std::optional<Instant>> sandbox_clock_of(Store& store) {
    SILLAGE_TRY(const auto view, store.read());
    return clock_in(*view);
}

Result<std::optional<Instant>> mark_folder(Store& store, std::optional<Instant> sandbox_start) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(const auto kind, transaction->setting(kind_setting));
    if (!kind) {
        SILLAGE_TRY(transaction->set(kind_setting, sandbox_start ? kind_sandbox : kind_real));
        if (sandbox_start) {
            SILLAGE_TRY(transaction->set(now_setting, to_string(*sandbox_start)));
        }
        SILLAGE_TRY(transaction->commit());
        return sandbox_start;
    }
    const bool is_sandbox = *kind == kind_sandbox;
    if (is_sandbox != sandbox_start.has_value()) {
        return wrong_kind(is_sandbox);
    }
    return clock_in(*transaction);
}

}  // namespace sillage::server
