// Timers of states: `after` and `deadline` run from entry to exit. A deadline is one timer for its
// end and one for each reminder that is still to come.

#include <fmt/format.h>

#include <algorithm>

#include "engine/interpreter/detail/machine.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

bool belongs_to(const Timer& timer, StateIndex state, TimerKind kind) {
    return timer.kind == kind && timer.state == state;
}

const StateNames& names_of(const Machine& machine, StateIndex state) {
    return machine.definition.index->names[state];
}

Result<Instant> due_of(const Moment& moment, const Deadline& deadline) {
    if (deadline.within) {
        return due_after(moment, moment.input.now, *deadline.within);
    }
    return instant_at(moment, *deadline.at);
}

void start_deadline_timer(Machine& machine, StateIndex state, Instant due) {
    start_timer(machine, {.kind = TimerKind::deadline,
                          .state = state,
                          .event = names_of(machine, state).expired,
                          .due = due});
}

void start_reminder(Machine& machine, StateIndex state, Instant due) {
    start_timer(machine, {.kind = TimerKind::reminder,
                          .state = state,
                          .event = names_of(machine, state).approaching,
                          .due = due});
}

/// Reminders before `due`; those already past are skipped.
void start_reminders(Machine& machine, StateIndex state, Instant due) {
    const Deadline& deadline = *machine.definition.state(state).deadline;
    const Moment moment = moment_of(machine);
    for (const Delay& before : deadline.remind) {
        const auto at = due_before(moment, due, before);
        if (!at) {
            fail(machine, at.error(), deadline.place);
        } else if (at.value() >= machine.input.now) {
            start_reminder(machine, state, at.value());
        }
    }
}

void start_fresh_deadline(Machine& machine, StateIndex state) {
    const Deadline& deadline = *machine.definition.state(state).deadline;
    const auto due = due_of(moment_of(machine), deadline);
    if (!due) {
        fail(machine, due.error(), deadline.place);
        return;
    }
    start_reminders(machine, state, due.value());
    start_deadline_timer(machine, state, due.value());
}

/// Goes on with what was left when the state was exited.
void resume_deadline(Machine& machine, StateIndex state, const KeptDeadline& kept) {
    if (kept.expired) {
        insert_state(machine.snapshot.overdue, state);
        return;
    }
    for (const Duration left : kept.reminders_left) {
        start_reminder(machine, state, machine.input.now + left);
    }
    start_deadline_timer(machine, state, machine.input.now + kept.left);
}

void start_deadline(Machine& machine, StateIndex state, bool resumes) {
    auto& all_kept = machine.snapshot.kept;
    const auto found = all_kept.find(state);
    if (found == all_kept.end()) {
        start_fresh_deadline(machine, state);
        return;
    }
    const KeptDeadline kept = std::move(found->second);
    all_kept.erase(state);
    if (resumes) {
        resume_deadline(machine, state, kept);
    } else {
        start_fresh_deadline(machine, state);
    }
}

/// Remembers what is left of a `keep` deadline, its timers still being there.
void keep_deadline(Machine& machine, StateIndex state) {
    const Instant now = machine.input.now;
    std::optional<KeptDeadline> kept;
    if (contains_state(machine.snapshot.overdue, state)) {
        kept = KeptDeadline{.expired = true};
    }
    for (const Timer& timer : machine.snapshot.timers) {
        if (belongs_to(timer, state, TimerKind::deadline)) {
            kept = kept.value_or(KeptDeadline{});
            kept->left = timer.due - now;
        }
    }
    for (const Timer& timer : machine.snapshot.timers) {
        if (kept && belongs_to(timer, state, TimerKind::reminder)) {
            kept->reminders_left.push_back(timer.due - now);
        }
    }
    if (kept) {
        std::ranges::sort(kept->reminders_left);
        machine.snapshot.kept[state] = *kept;
    }
}

/// What an escalation says, in the languages of the state's title.
std::vector<std::pair<std::string, std::string>> overdue_texts(Machine& machine, StateIndex state) {
    const State& node = machine.definition.state(state);
    if (node.title.empty()) {
        return {{"en", fmt::format("The deadline of \"{}\" has passed.", node.id)}};
    }
    std::vector<std::pair<std::string, std::string>> texts;
    for (const Text::Variant& variant : node.title.variants) {
        const auto title = fill_text(moment_of(machine), variant);
        const std::string name = title ? title.value() : node.id;
        const bool french = variant.language == "fr" || variant.language.starts_with("fr-");
        texts.emplace_back(variant.language,
                           french ? fmt::format("L'échéance de « {} » est passée.", name)
                                  : fmt::format("The deadline of \"{}\" has passed.", name));
    }
    return texts;
}

}  // namespace

void start_timers(Machine& machine, StateIndex state, bool resumes) {
    const State& node = machine.definition.state(state);
    for (const DelayedEvent& delayed : node.after) {
        const auto due = due_after(moment_of(machine), machine.input.now, delayed.delay);
        if (!due) {
            fail(machine, due.error(), node.place);
            continue;
        }
        start_timer(
            machine,
            {.kind = TimerKind::after, .state = state, .event = delayed.event, .due = due.value()});
    }
    if (node.deadline) {
        start_deadline(machine, state, resumes);
    }
}

void stop_timers(Machine& machine, StateIndex state) {
    const auto& deadline = machine.definition.state(state).deadline;
    if (deadline && deadline->keep) {
        keep_deadline(machine, state);
    }
    erase_state(machine.snapshot.overdue, state);
    cancel_timers(machine, [&](const Timer& timer) {
        return timer.state == state && timer.kind != TimerKind::send;
    });
}

void start_timer(Machine& machine, Timer timer) {
    if (machine.snapshot.timers.size() >= timers_max) {
        abort_step(machine, "timer_limit", "More than 1,000 timers are pending.");
        return;
    }
    timer.id = machine.snapshot.next_timer_id++;
    timer.started = machine.input.now;
    machine.snapshot.timers.push_back(timer);
    cause(machine, StartTimer{.timer = std::move(timer)});
}

Result<void> extend(Machine& machine, const Moment& moment, const Extend& action) {
    const auto is_meant = [&](const Timer& timer) {
        return belongs_to(timer, action.state, TimerKind::deadline);
    };
    const auto running = std::ranges::find_if(machine.snapshot.timers, is_meant);
    if (running == machine.snapshot.timers.end()) {
        return Error{.code = ErrorCode::expression_failed,
                     .message = "No deadline of \"" + machine.definition.state(action.state).id +
                                "\" is running."};
    }
    Instant due = running->due;
    if (action.by) {
        SILLAGE_TRY(due, due_after(moment, running->due, *action.by));
    } else {
        SILLAGE_TRY(due, instant_at(moment, *action.to));
    }
    cancel_timers(machine, [&](const Timer& timer) {
        return is_meant(timer) || belongs_to(timer, action.state, TimerKind::reminder);
    });
    start_reminders(machine, action.state, due);
    start_deadline_timer(machine, action.state, due);
    return success();
}

void expire_deadline(Machine& machine, StateIndex state) {
    insert_state(machine.snapshot.overdue, state);
    const State& node = machine.definition.state(state);
    if (node.deadline && !node.deadline->escalate.empty()) {
        cause(machine,
              Notify{.role = node.deadline->escalate, .texts = overdue_texts(machine, state)});
    }
}

}  // namespace sillage
