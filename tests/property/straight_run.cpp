#include "tests/property/straight_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "engine/interpreter/step.hpp"
#include "engine/timers/due.hpp"

namespace sillage::test {
namespace {

/// Chosen: a random chart's timers are minutes apart, and an advance is an hour.
constexpr int fired_max = 1'000;

Error too_many_sends() {
    return {.code = ErrorCode::limit_exceeded,
            .message = "More than 1,000 sends followed one event.",
            .where = "send_limit"};
}

}  // namespace

Input StraightRun::input_of(Event event, Actor actor) const {
    return {.event = std::move(event), .actor = std::move(actor), .now = now_};
}

bool StraightRun::start(const Actor& actor) {
    const Input input = input_of({.name = "$start", .data = boost::json::object()}, actor);
    auto first = sillage::start(*definition_, input);
    if (!first || !keep(input, std::move(first)) || !drain()) {
        return false;
    }
    fire_due(now_);
    return true;
}

bool StraightRun::send(const std::string& event, const boost::json::value& data,
                       const Actor& actor) {
    const bool is_kept = run(input_of({.name = event, .data = data}, actor));
    fire_due(now_);
    return is_kept;
}

void StraightRun::advance(Duration by) {
    const Instant until = now_ + by;
    fire_due(until);
    now_ = until;
}

bool StraightRun::run(const Input& input) {
    const Snapshot before = snapshot_;
    if (!keep(input, step(*definition_, snapshot_, input))) {
        return false;
    }
    if (drain()) {
        return true;
    }
    snapshot_ = before;
    steps_.erase(steps_.upper_bound(before.sequence), steps_.end());
    return keep(input, too_many_sends());
}

bool StraightRun::drain() {
    for (std::size_t count = 0; count <= queued_steps_max; ++count) {
        const auto queued = queued_input(snapshot_, input_of({}, system_actor()));
        if (!queued) {
            return true;
        }
        if (count < queued_steps_max) {
            keep(*queued, step(*definition_, snapshot_, *queued));
        }
    }
    return false;
}

bool StraightRun::keep(const Input& input, Result<Step> outcome) {
    if (outcome) {
        snapshot_ = outcome.value().after;
        steps_.insert_or_assign(snapshot_.sequence, std::move(outcome).value());
        return true;
    }
    if (outcome.error().code == ErrorCode::event_refused) {
        return false;
    }
    snapshot_ = record_incident(snapshot_, input, outcome.error()).after;
    return true;
}

void StraightRun::fire_due(Instant until) {
    for (int count = 0; count < fired_max; ++count) {
        const Timer* timer = next_timer(snapshot_);
        if (timer == nullptr || timer->due > until) {
            return;
        }
        now_ = std::max(now_, timer->due);
        run(timer_input(*timer, now_));
    }
    FAIL("timers that start each other for ever");
}

}  // namespace sillage::test
