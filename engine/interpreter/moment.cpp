#include "engine/interpreter/detail/moment.hpp"

#include <algorithm>

#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/detail/environment.hpp"

namespace sillage {
namespace {

/// Reading has warned of it.
Error without_program(const Expression& expression) {
    return {.code = ErrorCode::expression_failed,
            .message = "\"" + expression.text + "\" is no expression that can be run."};
}

/// A delay that an expression computed: exact, or as people say it.
Result<CalendarDuration> computed_delay(const Moment& moment, const Expression& expression) {
    SILLAGE_TRY(const auto value, evaluate_at(moment, expression));
    if (const auto* span = value.get_if<TimeSpan>()) {
        const std::int64_t milliseconds = span->seconds * 1'000 + span->nanoseconds / 1'000'000;
        return CalendarDuration{.exact = Duration{milliseconds}};
    }
    if (const auto* text = value.text()) {
        if (const auto exact = moment.definition.dialect == Dialect::scxml ? parse_css_time(*text)
                                                                           : std::nullopt) {
            return CalendarDuration{.exact = *exact};
        }
        const auto duration = parse_duration(*text);
        if (!duration) {
            return expression_error(duration.error());
        }
        return duration.value();
    }
    return wrong_value(expression, value, "a duration");
}

using Move = Result<Instant> (*)(const WorkCalendar&, Instant, const CalendarDuration&);

Result<Instant> moved(const Moment& moment, Instant from, const Delay& delay, Move move) {
    CalendarDuration computed;
    const auto* duration = std::get_if<CalendarDuration>(&delay);
    if (duration == nullptr) {
        SILLAGE_TRY(computed, computed_delay(moment, std::get<Expression>(delay)));
        duration = &computed;
    }
    auto due = move(moment.definition.calendar, from, *duration);
    if (!due) {
        return expression_error(due.error());
    }
    return due;
}

}  // namespace

Moment moment_before(const Definition& definition, const Snapshot& before, const Input& input) {
    return {.definition = definition,
            .snapshot = before,
            .input = input,
            .event = input.event.name,
            .event_data = input.event.data,
            .asks_account = input.event.origin == EventOrigin::account};
}

Moment with_data(const Moment& moment, const boost::json::value& data,
                 const std::vector<Field>* form) {
    return {.definition = moment.definition,
            .snapshot = moment.snapshot,
            .input = moment.input,
            .event = moment.event,
            .known = moment.known,
            .event_data = data,
            .form = form,
            .asks_account = moment.asks_account,
            .loop_values = moment.loop_values,
            .origin = moment.origin,
            .names_principal = moment.names_principal,
            .last_names_principal = moment.last_names_principal};
}

const Name& acting_id(const Moment& moment) {
    const Actor& actor = moment.input.actor;
    return moment.names_principal && actor.on_behalf_of ? actor.on_behalf_of->id : actor.id;
}

const Name& taker_id(const Moment& moment, const LastTaken& last) {
    return moment.last_names_principal && !last.on_behalf_of.empty() ? last.on_behalf_of : last.by;
}

bool names_principals(const Moment& moment) {
    return moment.input.actor.on_behalf_of ||
           std::ranges::any_of(moment.snapshot.last, [](const auto& entry) {
               return !entry.second.on_behalf_of.empty();
           });
}

Moment strictest_view(const Moment& moment, const Expression& rule) {
    if (!names_principals(moment)) {
        return moment;
    }
    for (const bool principal : {false, true}) {
        for (const bool last_principal : {false, true}) {
            Moment view = moment;
            view.names_principal = principal;
            view.last_names_principal = last_principal;
            const Result<bool> answer = holds(view, rule);
            if (!answer || !answer.value()) {
                return view;
            }
        }
    }
    return moment;
}

Result<Value> evaluate_at(const Moment& moment, const Expression& expression) {
    if (expression.program == nullptr) {
        return without_program(expression);
    }
    const EvaluationHost host{moment, expression};
    return evaluate(expression, environment_of(host));
}

Result<bool> holds(const Moment& moment, const Expression& expression) {
    if (expression.program == nullptr) {
        return without_program(expression);
    }
    const EvaluationHost host{moment, expression};
    return evaluate_condition(expression, environment_of(host));
}

Result<Instant> instant_at(const Moment& moment, const Expression& expression) {
    SILLAGE_TRY(const auto value, evaluate_at(moment, expression));
    if (value.get_if<Timestamp>() == nullptr) {
        return wrong_value(expression, value, "an instant");
    }
    return instant_of(value);
}

Result<Instant> instant_of(const Value& value) {
    const auto* at = value.get_if<Timestamp>();
    if (at == nullptr) {
        return Error{.code = ErrorCode::expression_failed,
                     .message = "A " + std::string(type_name(value)) + " is not an instant."};
    }
    return Instant{at->seconds * 1'000 + at->nanoseconds / 1'000'000};
}

Result<Instant> due_after(const Moment& moment, Instant from, const Delay& delay) {
    return moved(moment, from, delay, add);
}

Result<Instant> due_before(const Moment& moment, Instant to, const Delay& delay) {
    return moved(moment, to, delay, subtract);
}

}  // namespace sillage
