#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/store/sqlite/first_timers.hpp"

// How the tables are asked for due timers. An instance's row has its timers, and beside them one
// that fires no later than the first of them: its wake, which an index is over. Most steps put the
// first timer off, and leave the wake alone, so that the index is not written to. Whoever looks for
// due timers reads rows in the order of their wakes; what turns out to be stale is put right by the
// committer, later. Until then, the window remembers what was read, so that no row is read twice.

namespace sillage {

/// A row that has a wake.
struct WakingRow {
    /// Its wake, as if it were a timer.
    TimerRow wake = {};
    std::uint64_t sequence = 0;
    std::vector<StoredTimer> timers = {};
};

/// What a wake should be, as long as the row is at that sequence.
struct WakeCorrection {
    std::string instance = {};
    std::uint64_t sequence = 0;
    /// Nothing: no timer is left.
    std::optional<StoredTimer> first = {};
};

/// The timers of all rows up to a place in the order of wakes, and of none after it.
class TimerWindow {
  public:
    /// The next page of rows after reached(), of which there are more if it is full. Gives the
    /// corrections it calls for. `is_hidden`: what is accepted of an instance stands before its
    /// row.
    template <class IsHidden>
    std::vector<WakeCorrection> add(std::vector<WakingRow> page, bool is_full,
                                    const IsHidden& is_hidden) {
        std::vector<WakeCorrection> corrections;
        has_read_ = true;
        for (WakingRow& row : page) {
            const bool hidden = is_hidden(row.wake.instance);
            if (auto correction = add_row(std::move(row), hidden)) {
                corrections.push_back(*std::move(correction));
            }
        }
        rest_ = is_full ? std::optional(reached_) : std::nullopt;
        return corrections;
    }
    /// The row has these timers now.
    void put(const std::string& instance, std::span<const StoredTimer> timers, bool is_hidden);
    /// Something that was accepted stands before the row from now on.
    void hide(const std::string& instance);
    /// As if nothing had been read yet.
    void clear();

    /// The wake of the last row that was read.
    [[nodiscard]] const TimerRow& reached() const { return reached_; }
    /// No timer of a row that was not read yet fires before it; nothing: all were read.
    [[nodiscard]] const std::optional<TimerRow>& rest() const { return rest_; }
    /// Whether nothing was read yet.
    [[nodiscard]] bool is_new() const { return !has_read_; }
    /// Of the rows that were read and are not hidden.
    [[nodiscard]] const FirstTimers& order() const { return order_; }
    /// Of one of those.
    [[nodiscard]] const std::vector<StoredTimer>& timers_of(const std::string& instance) const {
        return rows_.at(instance).timers;
    }

  private:
    struct Row {
        std::vector<StoredTimer> timers = {};
        bool is_hidden = false;
    };

    static TimerRow before_all() {
        return {.instance = {}, .timer = {.due = instant_min, .started = instant_min}};
    }

    std::optional<WakeCorrection> add_row(WakingRow row, bool is_hidden);
    void set(const std::string& instance, std::vector<StoredTimer> timers, bool is_hidden);

    /// By instance, those without timers, too: their wakes are behind `reached_` all the same.
    std::unordered_map<std::string, Row> rows_;
    FirstTimers order_;
    TimerRow reached_ = before_all();
    std::optional<TimerRow> rest_ = before_all();
    bool has_read_ = false;
};

}  // namespace sillage
