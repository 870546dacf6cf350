#include "engine/interpreter/detail/environment.hpp"

#include <span>

#include "engine/calendar/calendar.hpp"
#include "engine/cel/json_path.hpp"
#include "engine/cel/scope.hpp"
#include "engine/interpreter/detail/system_variables.hpp"

namespace sillage {
namespace {

const EvaluationHost& host_of(const void* host) {
    return *static_cast<const EvaluationHost*>(host);
}

Instant start_of_date(const void* calendar, CivilDate date) {
    return start_of_day(*static_cast<const WorkCalendar*>(calendar), date);
}

DateReader dates_of(const Moment& moment) {
    return {.host = &moment.definition.calendar, .start_of = start_of_date};
}

/// `name` is a literal or lives as long as the moment, as every text here does.
void put(ValueEntries& entries, std::string_view name, Value value) {
    entries.emplace_back(borrowed_text(name), std::move(value));
}

/// A context field's value; null when there is none.
const boost::json::value* field_value(const Moment& moment, std::size_t position) {
    const ContextValues& context = moment.snapshot.context;
    return position < context.size() ? &context[position] : nullptr;
}

/// The event's data when it is an object, or none at all.
const boost::json::object* event_members(const Moment& moment) {
    static const boost::json::object none;
    return moment.event_data.is_null() ? &none : moment.event_data.if_object();
}

/// The event's data; each declared field in its declared type. No data is an empty map.
Value event_data(const Moment& moment) {
    const boost::json::object* members = event_members(moment);
    if (members == nullptr) {
        return view_json(moment.event_data, nullptr, dates_of(moment));
    }
    ValueEntries entries;
    for (const auto& [name, value] : *members) {
        const Field* field = moment.form == nullptr ? nullptr : find_field(*moment.form, name);
        put(entries, name,
            view_json(value, field == nullptr ? nullptr : &field->schema, dates_of(moment)));
    }
    return map_value(std::move(entries));
}

Value event_value(const Moment& moment) {
    ValueEntries entries;
    put(entries, "name", borrowed_text(moment.event));
    put(entries, "data", event_data(moment));
    put(entries, "at", instant_value(moment.input.now));
    put(entries, "by", borrowed_text(acting_id(moment)));
    return map_value(std::move(entries));
}

Value actor_roles(const Moment& moment) {
    ValueList roles;
    for (const std::string& role : moment.input.actor.roles) {
        roles.push_back(borrowed_text(role));
    }
    return list_value(std::move(roles));
}

Value actor_value(const Moment& moment) {
    ValueEntries entries;
    put(entries, "id", borrowed_text(acting_id(moment)));
    put(entries, "roles", actor_roles(moment));
    return map_value(std::move(entries));
}

/// A key date of a cohort: an instant, a day in the definition's zone, or null. What is neither
/// stays as it is: the record was not ours to check.
Value cohort_date(const Moment& moment, const boost::json::value& json) {
    if (const auto* text = json.if_string()) {
        if (const auto at = parse_instant(*text)) {
            return instant_value(at.value());
        }
        if (const auto day = parse_date(*text)) {
            return instant_value(start_of_day(moment.definition.calendar, day.value()));
        }
    }
    return view_json(json, nullptr);
}

Value cohort_dates(const Moment& moment, const boost::json::object& dates) {
    ValueEntries entries;
    for (const auto& [name, value] : dates) {
        put(entries, name, cohort_date(moment, value));
    }
    return map_value(std::move(entries));
}

Value cohort_value(const Moment& moment) {
    const boost::json::object& cohort = moment.input.cohort;
    ValueEntries entries;
    for (const auto& [name, value] : cohort) {
        if (name != "dates" && name != "settings") {
            put(entries, name, view_json(value, nullptr));
        }
    }
    // A copy of the dates would not outlive this line, and their names are borrowed.
    static const boost::json::object no_dates;
    const auto* dates = cohort.if_contains("dates");
    const bool has_dates = dates != nullptr && dates->is_object();
    put(entries, "dates", cohort_dates(moment, has_dates ? dates->get_object() : no_dates));
    const auto* settings = cohort.if_contains("settings");
    put(entries, "settings",
        settings == nullptr || settings->is_null() ? map_value({}) : view_json(*settings, nullptr));
    return map_value(std::move(entries));
}

Value company_value(const Moment& moment) {
    ValueEntries entries;
    for (const auto& [name, value] : *moment.input.company) {
        put(entries, name, view_json(value, nullptr));
    }
    return map_value(std::move(entries));
}

Value builtin_value(const Moment& moment, Builtin builtin) {
    switch (builtin) {
        case Builtin::event:
            return event_value(moment);
        case Builtin::actor:
            return actor_value(moment);
        case Builtin::company:
            return company_value(moment);
        case Builtin::cohort:
            return cohort_value(moment);
        case Builtin::now:
            return instant_value(moment.input.now);
        case Builtin::scxml_event:
        case Builtin::scxml_name:
        case Builtin::scxml_session:
        case Builtin::scxml_processors:
            return system_variable(moment, builtin);
    }
    return {};
}

Result<Value> variable(const void* pointer, std::size_t slot) {
    const EvaluationHost& host = host_of(pointer);
    const Moment& moment = host.moment;
    if (slot < builtin_count) {
        return builtin_value(moment, static_cast<Builtin>(slot));
    }
    const std::size_t position = slot - builtin_count;
    if (position < moment.definition.context.size()) {
        const Field& field = moment.definition.context[position];
        const auto* value = field_value(moment, position);
        return value == nullptr ? Value{} : view_json(*value, &field.schema, dates_of(moment));
    }
    if (moment.loop_values == nullptr || slot >= moment.loop_values->size()) {
        return Error{.code = ErrorCode::expression_failed,
                     .message = "A loop variable was read outside its loop."};
    }
    return (*moment.loop_values)[slot];
}

// What is read in place: the same as of the whole variable, which is asked in doubt.

bool read_company(const Moment& moment, const VariablePath& path, Value& value) {
    return !path.steps.empty() && read_json_path({moment.input.company}, path, DateReader{}, value);
}

bool read_event(const Moment& moment, const VariablePath& path, Value& value) {
    if (path.steps.empty()) {
        return false;
    }
    const std::string& member = path.steps.front().name;
    if (member == "data" && path.steps.size() > 1) {
        const boost::json::object* members = event_members(moment);
        return members != nullptr &&
               read_json_path({*members, moment.form, 1}, path, dates_of(moment), value);
    }
    if (path.steps.size() > 1 || path.presence) {
        return false;
    }
    if (member == "data") {
        value = event_data(moment);
    } else if (member == "name") {
        value.set(TextView{moment.event});
    } else if (member == "at") {
        value = instant_value(moment.input.now);
    } else if (member == "by") {
        value.set(TextView{acting_id(moment)});
    } else {
        return false;
    }
    return true;
}

bool read_actor(const Moment& moment, const VariablePath& path, Value& value) {
    if (path.steps.size() != 1 || path.presence) {
        return false;
    }
    const bool asks_id = path.steps.front().name == "id";
    value = asks_id ? borrowed_text(acting_id(moment)) : actor_roles(moment);
    return asks_id || path.steps.front().name == "roles";
}

bool read_cohort(const Moment& moment, const VariablePath& path, Value& value) {
    if (path.steps.empty()) {
        return false;
    }
    const boost::json::object& cohort = moment.input.cohort;
    const std::string& member = path.steps.front().name;
    if (member != "dates" && member != "settings") {
        return read_json_path({cohort}, path, DateReader{}, value);
    }
    const auto* part = cohort.if_contains(member);
    const boost::json::object* members = part == nullptr ? nullptr : part->if_object();
    if (member == "settings") {
        return members != nullptr && path.steps.size() > 1 &&
               read_json_path({*members, nullptr, 1}, path, DateReader{}, value);
    }
    if (path.steps.size() != 2 || path.presence) {
        return false;
    }
    const auto* date = members == nullptr ? nullptr : members->if_contains(path.steps[1].name);
    value = date == nullptr ? Value{} : cohort_date(moment, *date);
    return true;
}

bool read_field(const Moment& moment, const VariablePath& path, Value& value) {
    const std::size_t position = path.slot - builtin_count;
    if (position >= moment.definition.context.size()) {
        return false;
    }
    const Field& field = moment.definition.context[position];
    const auto* whole = field_value(moment, position);
    if (whole != nullptr && path.steps.empty()) {
        view_json(value, *whole, &field.schema, dates_of(moment));
        return true;
    }
    const boost::json::object* members = whole == nullptr ? nullptr : whole->if_object();
    return members != nullptr &&
           read_json_path({*members, &field.schema.properties}, path, dates_of(moment), value);
}

bool read_path(const void* pointer, const VariablePath& path, Value& value) {
    const Moment& moment = host_of(pointer).moment;
    if (path.slot >= builtin_count) {
        return read_field(moment, path, value);
    }
    switch (static_cast<Builtin>(path.slot)) {
        case Builtin::event:
            return read_event(moment, path, value);
        case Builtin::actor:
            return read_actor(moment, path, value);
        case Builtin::company:
            return read_company(moment, path, value);
        case Builtin::cohort:
            return read_cohort(moment, path, value);
        case Builtin::now:
            value = instant_value(moment.input.now);
            return path.steps.empty();
        case Builtin::scxml_event:
        case Builtin::scxml_name:
        case Builtin::scxml_session:
        case Builtin::scxml_processors:
            return false;
    }
    return false;
}

Error wrong_arguments(std::string_view function) {
    return {.code = ErrorCode::expression_failed,
            .message = "The arguments of " + std::string(function) + " have the wrong type."};
}

Result<std::string_view> text_argument(std::string_view function, std::span<const Value> arguments,
                                       std::size_t position) {
    if (position < arguments.size()) {
        if (const auto* text = arguments[position].text()) {
            return *text;
        }
    }
    return wrong_arguments(function);
}

Result<Instant> instant_argument(std::string_view function, std::span<const Value> arguments,
                                 std::size_t position) {
    if (position < arguments.size() && arguments[position].get_if<Timestamp>() != nullptr) {
        return instant_of(arguments[position]);
    }
    return wrong_arguments(function);
}

Result<Value> call_in_state(const Moment& moment, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto id, text_argument("In", arguments, 0));
    const auto state = moment.definition.find_state(id);
    return Value{state.has_value() && is_active(moment.snapshot, *state)};
}

Result<Value> call_last(const Moment& moment, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto name, text_argument("last", arguments, 0));
    const auto found = moment.snapshot.last.find(name);
    if (found == moment.snapshot.last.end()) {
        return Value{};
    }
    ValueEntries entries;
    put(entries, "at", instant_value(found->second.at));
    put(entries, "by", borrowed_text(taker_id(moment, found->second)));
    put(entries, "count", Value{found->second.count});
    return map_value(std::move(entries));
}

Result<Value> call_entered(const Moment& moment, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto id, text_argument("entered", arguments, 0));
    const auto state = moment.definition.find_state(id);
    const auto found = state ? moment.snapshot.entered.find(*state) : moment.snapshot.entered.end();
    return found == moment.snapshot.entered.end() ? Value{} : instant_value(found->second);
}

Result<Value> call_add(const Moment& moment, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto from, instant_argument("add", arguments, 0));
    SILLAGE_TRY(const auto text, text_argument("add", arguments, 1));
    const auto duration = parse_duration(text);
    if (!duration) {
        return expression_error(duration.error());
    }
    const auto at = add(moment.definition.calendar, from, duration.value());
    if (!at) {
        return expression_error(at.error());
    }
    return instant_value(at.value());
}

Result<Value> call_days(const Moment& moment, std::span<const Value> arguments, bool working) {
    const std::string_view function = working ? "working_days" : "days";
    SILLAGE_TRY(const auto a, instant_argument(function, arguments, 0));
    SILLAGE_TRY(const auto b, instant_argument(function, arguments, 1));
    const WorkCalendar& calendar = moment.definition.calendar;
    return Value{working ? working_days_between(calendar, a, b) : days_between(calendar, a, b)};
}

Result<Value> call_zone_offset(const Moment& moment, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto name, text_argument("getHours", arguments, 0));
    SILLAGE_TRY(const auto at, instant_argument("getHours", arguments, 1));
    const WorkCalendar& calendar = moment.definition.calendar;
    if (name == calendar.timezone && calendar.zone) {
        return Value{offset_seconds(*calendar.zone, at)};
    }
    const auto offset = offset_seconds(name, at);
    if (!offset) {
        return expression_error(offset.error());
    }
    return Value{offset.value()};
}

Result<Value> call(const void* pointer, HostFunction function, std::span<const Value> arguments) {
    const Moment& moment = host_of(pointer).moment;
    switch (function) {
        case HostFunction::in_state:
            return call_in_state(moment, arguments);
        case HostFunction::last:
            return call_last(moment, arguments);
        case HostFunction::entered:
            return call_entered(moment, arguments);
        case HostFunction::add:
            return call_add(moment, arguments);
        case HostFunction::days:
            return call_days(moment, arguments, false);
        case HostFunction::working_days:
            return call_days(moment, arguments, true);
        case HostFunction::zone_offset:
            return call_zone_offset(moment, arguments);
    }
    return wrong_arguments("the function");
}

}  // namespace

Environment environment_of(const EvaluationHost& host) {
    return {.host = &host, .variable = variable, .call = call, .read = read_path};
}

Error expression_error(const Error& error) {
    return {.code = ErrorCode::expression_failed, .message = error.message};
}

}  // namespace sillage
