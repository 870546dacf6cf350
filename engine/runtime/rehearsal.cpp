#include "engine/runtime/rehearsal.hpp"

#include <algorithm>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/timers/due.hpp"

namespace sillage {
namespace {

Error too_many_timers() {
    return {.code = ErrorCode::limit_exceeded,
            .message = "More than 10,000 timers fired at once; the rest waits.",
            .where = "timer_limit"};
}

Error too_many_sends() {
    return {.code = ErrorCode::limit_exceeded,
            .message = "More than 1,000 sends followed one event.",
            .where = "send_limit"};
}

void note(Performance& performance, Error error) {
    if (!performance.error) {
        performance.error = std::move(error);
    }
}

}  // namespace

Actor rehearsed_actor(const Definition& definition, std::vector<std::string> roles,
                      std::string id) {
    if (std::ranges::find(roles, "system") != roles.end()) {
        return system_actor();
    }
    if (roles.empty()) {
        for (const Role& role : definition.roles) {
            roles.push_back(role.name);
        }
    }
    return {.id = id.empty() ? "user" : std::move(id), .roles = std::move(roles)};
}

Rehearsal::Rehearsal(const Definition& definition, RehearsalSetup setup)
    : definition_(definition), setup_(std::move(setup)) {}

Input Rehearsal::input_for(const Event& event, const Actor& actor) const {
    return {.event = event,
            .actor = actor,
            .now = setup_.now,
            .company = setup_.company,
            .cohort = setup_.cohort,
            .languages = setup_.languages};
}

Performance Rehearsal::start() {
    Performance performance;
    const Input input = input_for({.name = "$start", .data = setup_.context}, setup_.actor);
    if (run(input, sillage::start(definition_, input), performance)) {
        fire_due(setup_.now, performance);
    }
    return performance;
}

Performance Rehearsal::send(const Event& event, const Actor& actor) {
    Performance performance;
    Input input = input_for(event, actor);
    if (actor == system_actor()) {
        input.event.origin = EventOrigin::engine;
    }
    if (run(input, step(definition_, snapshot_, input), performance)) {
        fire_due(setup_.now, performance);
    }
    return performance;
}

Performance Rehearsal::advance(const CalendarDuration& by) {
    Performance performance;
    const auto until = add(definition_.calendar, setup_.now, by);
    if (!until) {
        note(performance, until.error());
        return performance;
    }
    fire_due(until.value(), performance);
    setup_.now = until.value();
    return performance;
}

bool Rehearsal::run(const Input& input, Result<Step> outcome, Performance& performance) {
    const Snapshot before = snapshot_;
    const std::size_t told = performance.happenings.size();
    if (!keep(input, std::move(outcome), performance)) {
        return false;
    }
    const Input cause = input_for({}, system_actor());
    for (std::size_t count = 0;; ++count) {
        const auto queued = queued_input(snapshot_, cause);
        if (!queued) {
            return true;
        }
        if (count == queued_steps_max) {
            snapshot_ = before;
            performance.happenings.resize(told);
            return keep(input, too_many_sends(), performance);
        }
        (void)keep(*queued, step(definition_, snapshot_, *queued), performance);
    }
}

bool Rehearsal::keep(const Input& input, Result<Step> outcome, Performance& performance) {
    if (outcome) {
        snapshot_ = outcome.value().after;
        performance.happenings.push_back(
            {.event = input.event, .at = input.now, .step = std::move(outcome).value()});
        return true;
    }
    const Error& error = outcome.error();
    const bool is_incident =
        error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::contract_broken;
    note(performance, error);
    if (!is_incident || !is_started()) {
        return false;
    }
    snapshot_ = record_incident(snapshot_, input, error).after;
    return true;
}

void Rehearsal::fire_due(Instant until, Performance& performance) {
    std::size_t fired = 0;
    for (const Timer* timer = next_timer(snapshot_); timer != nullptr && timer->due <= until;
         timer = next_timer(snapshot_)) {
        if (fired++ == rehearsed_timers_max) {
            note(performance, too_many_timers());
            return;
        }
        setup_.now = std::max(setup_.now, timer->due);
        Input input = timer_input(*timer, setup_.now);
        input.company = setup_.company;
        input.cohort = setup_.cohort;
        input.languages = setup_.languages;
        (void)run(input, step(definition_, snapshot_, input), performance);
    }
}

}  // namespace sillage
