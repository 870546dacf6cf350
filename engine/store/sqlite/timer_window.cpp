#include "engine/store/sqlite/timer_window.hpp"

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

/// Rows remembered: 20 MB. Past that everything is read again, which costs a page at a time.
constexpr std::size_t rows_max = 100'000;

}  // namespace

void TimerWindow::set(const std::string& instance, std::vector<StoredTimer> timers,
                      bool is_hidden) {
    const auto [at, is_new] = rows_.try_emplace(instance);
    const bool was_shown = !at->second.is_hidden;
    order_.replace(at->first,
                   was_shown ? std::span<const StoredTimer>(at->second.timers)
                             : std::span<const StoredTimer>(),
                   is_hidden ? std::span<const StoredTimer>() : timers);
    at->second = Row{.timers = std::move(timers), .is_hidden = is_hidden};
}

std::optional<WakeCorrection> TimerWindow::add_row(WakingRow row, bool is_hidden) {
    const StoredTimer* const first = first_of(row.timers);
    std::optional<WakeCorrection> correction;
    if (first == nullptr || *first != row.wake.timer) {
        correction =
            WakeCorrection{.instance = row.wake.instance,
                           .sequence = row.sequence,
                           .first = first == nullptr ? std::nullopt : std::optional(*first)};
    }
    set(row.wake.instance, std::move(row.timers), is_hidden);
    reached_ = std::move(row.wake);
    return correction;
}

void TimerWindow::put(const std::string& instance, std::span<const StoredTimer> timers,
                      bool is_hidden) {
    if (rows_.size() >= rows_max) {
        clear();
    }
    const StoredTimer* const first = first_of(timers);
    if (rows_.contains(instance)) {
        set(instance, {timers.begin(), timers.end()}, is_hidden);
        return;
    }
    if (first == nullptr) {
        return;
    }
    TimerRow wake{.instance = instance, .timer = *first};
    if (!fires_before(reached_, wake)) {
        set(instance, {timers.begin(), timers.end()}, is_hidden);
    } else if (!rest_ || fires_before(wake, *rest_)) {
        rest_ = std::move(wake);
    }
}

void TimerWindow::hide(const std::string& instance) {
    const auto found = rows_.find(instance);
    if (found != rows_.end() && !found->second.is_hidden) {
        order_.replace(found->first, found->second.timers, {});
        found->second.is_hidden = true;
    }
}

void TimerWindow::clear() { *this = TimerWindow(); }

}  // namespace sillage
