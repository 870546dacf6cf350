#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/fault.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/decide.hpp"
#include "engine/runtime/runtime.hpp"

namespace sillage {
namespace {

/// Whether every other instance would meet the same: the store itself cannot go on.
bool is_of_store(const Error& error) {
    return error.code == ErrorCode::storage_full || error.code == ErrorCode::storage_failed ||
           error.code == ErrorCode::unavailable;
}

bool has_failed(const std::vector<FireFailure>& failures, const std::string& instance) {
    return std::ranges::find(failures, instance, &FireFailure::instance) != failures.end();
}

/// What comes next; neither: nothing.
struct Next {
    std::optional<TimerRow> row = {};
    /// As of DueTimers.
    std::optional<Instant> cut_at = {};
};

/// The first timer in firing order whose instance has not failed.
Result<Next> next_row(ReadView& view, Instant until, const std::vector<FireFailure>& failures) {
    // Rows of failed instances come first; double the look until one of another instance shows.
    for (std::size_t limit = 1;; limit *= 2) {
        SILLAGE_TRY(const DueTimers due, view.due_timers(until, limit));
        const auto row = std::ranges::find_if(
            due.rows, [&](const TimerRow& one) { return !has_failed(failures, one.instance); });
        if (row != due.rows.end()) {
            return Next{.row = *row};
        }
        if (due.cut_at || due.rows.size() < limit) {
            return Next{.cut_at = due.cut_at};
        }
    }
}

/// Of a program with that fault: whoever claimed the timer before it was fired, fires it again.
void claim_again(Loaded& loaded, std::uint64_t id) {
    static std::optional<Timer> claimed;
    const auto timer = std::ranges::find(loaded.snapshot.timers, id, &Timer::id);
    if (timer != loaded.snapshot.timers.end()) {
        claimed = *timer;
    } else if (claimed && claimed->id == id) {
        loaded.snapshot.timers.push_back(*claimed);
    }
}

Result<void> fire_one(Work& work, const Kin& kin, const TimerRow& row) {
    SILLAGE_TRY(Loaded loaded, work.load(row.instance));
    if (is_broken(Breakage::timer_claim_unlocked)) {
        claim_again(loaded, row.timer.id);
    }
    const auto timer = std::ranges::find(loaded.snapshot.timers, row.timer.id, &Timer::id);
    if (timer == loaded.snapshot.timers.end()) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} has no timer {}.", row.instance, row.timer.id)};
    }
    Input input = timer_input(*timer, loaded.snapshot.at);
    input.instance = loaded.record->id;
    input.parent = loaded.record->parent;
    input.company = loaded.company;
    input.cohort = loaded.cohort;
    SILLAGE_TRY(Decision decision, decide_event(kin, loaded, input, {}));
    return work.append(decision);
}

}  // namespace

Result<FireReport> Runtime::fire_due(Instant until, std::size_t limit) {
    FireReport report;
    std::optional<TimerRow> claimed_by_another;  // in a broken program
    const auto next = [&](Instant end) {
        return read([&](Reader& reader) { return next_row(reader.view(), end, report.failures); });
    };
    while (report.fired < limit) {
        SILLAGE_TRY(Next found, next(until));
        std::optional<TimerRow>& row = found.row;
        if (is_broken(Breakage::timer_claim_unlocked)) {
            const auto first = std::exchange(claimed_by_another, std::nullopt);
            claimed_by_another = first ? std::nullopt : row;
            row = first ? first : row;
        }
        if (!row) {
            report.is_cut_short = found.cut_at.has_value();
            break;
        }
        SILLAGE_TRY(auto transaction, store_.begin());
        Work work(*this, *transaction);
        Result<void> fired = fire_one(work, work.kin(), *row);
        if (fired) {
            fired = keep(work);
        }
        if (fired) {
            ++report.fired;
            continue;
        }
        if (is_of_store(fired.error())) {
            return std::move(fired).error();
        }
        if (report.failures.size() == fire_failures_max) {
            return Error{.code = ErrorCode::corrupt,
                         .message = fmt::format("More than {} instances cannot fire their timers.",
                                                fire_failures_max)};
        }
        report.failures.push_back({.instance = row->instance, .error = std::move(fired).error()});
    }
    SILLAGE_TRY(const Next waiting, next(instant_max));
    report.next_due = waiting.row ? std::optional(waiting.row->timer.due) : waiting.cut_at;
    return report;
}

Result<std::optional<Instant>> Runtime::next_due() {
    return read([](Reader& reader) { return reader.view().next_due(); });
}

}  // namespace sillage
