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

/// Events whose last taking a rule asks one by one. Chosen: a rule names one or two, and each more
/// doubles how often it is evaluated; any beyond count together.
constexpr std::size_t delegated_events_max = 5;

/// Of the delegated event of that place among them.
std::uint64_t bit_of(std::size_t delegated) {
    constexpr std::size_t last_bit = 63;
    return std::uint64_t{1} << std::min(delegated, last_bit);
}

/// The bits of Moment::principal_lasts that the rule may tell apart: one for each event that it
/// names, and all others together.
std::vector<std::uint64_t> delegated_groups(const Snapshot& snapshot, const Expression& rule) {
    std::vector<std::uint64_t> groups;
    std::uint64_t others = 0;
    std::size_t delegated = 0;
    for (const auto& [name, taken] : snapshot.last) {
        if (taken.on_behalf_of.empty()) {
            continue;
        }
        const std::uint64_t bit = bit_of(delegated++);
        if (groups.size() < delegated_events_max && rule.text.find(name) != std::string::npos) {
            groups.push_back(bit);
        } else {
            others |= bit;
        }
    }
    if (others != 0) {
        groups.push_back(others);
    }
    return groups;
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
            .principal_lasts = moment.principal_lasts};
}

const Name& acting_id(const Moment& moment) {
    const Actor& actor = moment.input.actor;
    return moment.names_principal && actor.on_behalf_of ? actor.on_behalf_of->id : actor.id;
}

const Name& taker_id(const Moment& moment, const LastTaken& last) {
    if (moment.principal_lasts == 0 || last.on_behalf_of.empty()) {
        return last.by;
    }
    std::size_t delegated = 0;
    for (const auto& [name, taken] : moment.snapshot.last) {
        if (&taken == &last) {
            break;
        }
        delegated += taken.on_behalf_of.empty() ? 0U : 1U;
    }
    const bool is_principal = (moment.principal_lasts & bit_of(delegated)) != 0;
    return is_principal ? last.on_behalf_of : last.by;
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
    const std::vector<std::uint64_t> groups = delegated_groups(moment.snapshot, rule);
    for (std::size_t choice = 0; choice < std::size_t{2} << groups.size(); ++choice) {
        Moment view = moment;
        view.names_principal = (choice & 1U) != 0;
        for (std::size_t group = 0; group < groups.size(); ++group) {
            view.principal_lasts |= (choice >> (group + 1) & 1U) != 0 ? groups[group] : 0;
        }
        const Result<bool> answer = holds(view, rule);
        if (!answer || !answer.value()) {
            return view;
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
