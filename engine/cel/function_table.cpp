#include <fmt/format.h>

#include <algorithm>

#include "engine/cel/detail/functions.hpp"

namespace sillage {
namespace {

using enum TypeKind;
using Table = std::vector<FunctionInfo>;

constexpr auto prefix = FunctionStyle::prefix;
constexpr auto infix = FunctionStyle::infix;
constexpr auto global = FunctionStyle::global;
constexpr auto method = FunctionStyle::method;

std::vector<Overload> same_kind(std::initializer_list<TypeKind> kinds) {
    std::vector<Overload> overloads;
    for (const TypeKind kind : kinds) {
        overloads.push_back({.arguments = {kind, kind}, .result = kind});
    }
    return overloads;
}

void add_operators(Table& table) {
    auto sums = same_kind({int64, uint64, float64, text, TypeKind::bytes, list, duration});
    sums.push_back({.arguments = {timestamp, duration}, .result = timestamp});
    sums.push_back({.arguments = {duration, timestamp}, .result = timestamp});
    auto differences = same_kind({int64, uint64, float64, duration});
    differences.push_back({.arguments = {timestamp, duration}, .result = timestamp});
    differences.push_back({.arguments = {timestamp, timestamp}, .result = duration});
    table.push_back({.name = "+", .style = infix, .body = cel_add, .overloads = sums});
    table.push_back({.name = "-", .style = infix, .body = cel_subtract, .overloads = differences});
    table.push_back({.name = "*",
                     .style = infix,
                     .body = cel_multiply,
                     .overloads = same_kind({int64, uint64, float64})});
    table.push_back({.name = "/",
                     .style = infix,
                     .body = cel_divide,
                     .overloads = same_kind({int64, uint64, float64})});
    table.push_back(
        {.name = "%", .style = infix, .body = cel_modulo, .overloads = same_kind({int64, uint64})});
    table.push_back(
        {.name = "-",
         .style = prefix,
         .body = cel_negate,
         .overloads = {{{int64}, int64}, {{float64}, float64}, {{duration}, duration}}});
    table.push_back(
        {.name = "!", .style = prefix, .body = cel_not, .overloads = {{{boolean}, boolean}}});
    for (const auto& [name, body] : {std::pair<std::string_view, FunctionBody>("==", cel_equal),
                                     {"!=", cel_not_equal},
                                     {"<", cel_less},
                                     {"<=", cel_less_equal},
                                     {">", cel_greater},
                                     {">=", cel_greater_equal},
                                     {"in", cel_in},
                                     {"[]", cel_index}}) {
        table.push_back({.name = name, .style = infix, .body = body});
    }
}

void add_text_functions(Table& table) {
    const std::vector<Overload> sizes = {
        {{text}, int64}, {{TypeKind::bytes}, int64}, {{list}, int64}, {{map}, int64}};
    const std::vector<Overload> questions = {{{text, text}, boolean}};
    table.push_back({.name = "size", .style = global, .body = cel_size, .overloads = sizes});
    table.push_back({.name = "size", .style = method, .body = cel_size, .overloads = sizes});
    table.push_back(
        {.name = "contains", .style = method, .body = cel_contains, .overloads = questions});
    table.push_back(
        {.name = "startsWith", .style = method, .body = cel_starts_with, .overloads = questions});
    table.push_back(
        {.name = "endsWith", .style = method, .body = cel_ends_with, .overloads = questions});
    table.push_back(
        {.name = "matches", .style = method, .body = cel_matches, .overloads = questions});
    table.push_back(
        {.name = "matches", .style = global, .body = cel_matches, .overloads = questions});
}

void add_conversions(Table& table) {
    const auto add = [&](std::string_view name, FunctionBody body, TypeKind result,
                         std::initializer_list<TypeKind> from) {
        FunctionInfo function{.name = name, .style = global, .body = body};
        for (const TypeKind kind : from) {
            function.overloads.push_back({.arguments = {kind}, .result = result});
        }
        table.push_back(std::move(function));
    };
    add("int", cel_int, int64, {int64, uint64, float64, text, timestamp});
    add("uint", cel_uint, uint64, {uint64, int64, float64, text});
    add("double", cel_double, float64, {float64, int64, uint64, text});
    add("string", cel_string, text,
        {text, int64, uint64, float64, boolean, TypeKind::bytes, timestamp, duration});
    add("bytes", cel_bytes, TypeKind::bytes, {TypeKind::bytes, text});
    add("bool", cel_bool, boolean, {boolean, text});
    add("timestamp", cel_timestamp, timestamp, {timestamp, text, int64});
    add("duration", cel_duration, duration, {duration, text});
    add("type", cel_type, TypeKind::type, {dyn});
    add("dyn", cel_dyn, dyn, {dyn});
}

void add_time_functions(Table& table) {
    const auto add = [&](std::string_view name, FunctionBody body, bool of_durations) {
        FunctionInfo function{.name = name, .style = method, .body = body};
        function.overloads = {{{timestamp}, int64}, {{timestamp, text}, int64}};
        if (of_durations) {
            function.overloads.push_back({.arguments = {duration}, .result = int64});
        }
        function.pure = false;  // a zone's rules are the host's
        table.push_back(std::move(function));
    };
    add("getFullYear", cel_full_year, false);
    add("getMonth", cel_month, false);
    add("getDate", cel_date, false);
    add("getDayOfMonth", cel_day_of_month, false);
    add("getDayOfWeek", cel_day_of_week, false);
    add("getDayOfYear", cel_day_of_year, false);
    add("getHours", cel_hours, true);
    add("getMinutes", cel_minutes, true);
    add("getSeconds", cel_seconds, true);
    add("getMilliseconds", cel_milliseconds, true);
}

void add_list_functions(Table& table) {
    table.push_back(
        {.name = "sum", .style = global, .body = cel_sum, .overloads = {{{list}, dyn}}});
    table.push_back(
        {.name = "avg", .style = global, .body = cel_average, .overloads = {{{list}, float64}}});
    table.push_back({.name = "min",
                     .style = global,
                     .body = cel_minimum,
                     .overloads = {{{list}, dyn}},
                     .variadic = true});
    table.push_back({.name = "max",
                     .style = global,
                     .body = cel_maximum,
                     .overloads = {{{list}, dyn}},
                     .variadic = true});
}

/// What the host answers: of the instance, known in workflows alone, and of the calendar.
void add_host_functions(Table& table) {
    const auto add = [&](std::string_view name, FunctionBody body, Overload overload) {
        const bool of_instance = body == cel_in_state || body == cel_last || body == cel_entered;
        table.push_back({.name = name,
                         .style = global,
                         .body = body,
                         .overloads = {std::move(overload)},
                         .workflow = of_instance,
                         .pure = false});
    };
    add("In", cel_in_state, {.arguments = {text}, .result = boolean});
    add("last", cel_last, {.arguments = {text}, .result = map});
    add("entered", cel_entered, {.arguments = {text}, .result = timestamp});
    add("add", cel_add_duration, {.arguments = {timestamp, text}, .result = timestamp});
    add("days", cel_days, {.arguments = {timestamp, timestamp}, .result = int64});
    add("working_days", cel_working_days, {.arguments = {timestamp, timestamp}, .result = int64});
}

const Table& table() {
    static const Table functions = [] {
        Table built;
        add_operators(built);
        add_text_functions(built);
        add_conversions(built);
        add_time_functions(built);
        add_list_functions(built);
        add_host_functions(built);
        return built;
    }();
    return functions;
}

bool takes(const FunctionInfo& function, std::size_t argument_count) {
    if (function.overloads.empty()) {
        return argument_count == 2;
    }
    return (function.variadic && argument_count >= 2) ||
           std::ranges::any_of(function.overloads, [&](const Overload& overload) {
               return overload.arguments.size() == argument_count;
           });
}

std::string names_of(std::span<const Value> values) {
    std::string names;
    for (const Value& value : values) {
        names += names.empty() ? "" : ", ";
        names += type_name(value);
    }
    return names;
}

}  // namespace

const FunctionInfo* find_function(std::string_view name, FunctionStyle style,
                                  std::size_t argument_count) {
    const auto found = std::ranges::find_if(table(), [&](const FunctionInfo& function) {
        return function.style == style && function.name == name && takes(function, argument_count);
    });
    return found == table().end() ? nullptr : &*found;
}

std::vector<std::string_view> function_names(FunctionStyle style, bool workflow) {
    std::vector<std::string_view> names;
    for (const FunctionInfo& function : table()) {
        if (function.style == style && (workflow || !function.workflow)) {
            names.push_back(function.name);
        }
    }
    return names;
}

bool is_function(std::string_view name, FunctionStyle style) {
    return std::ranges::any_of(table(), [&](const FunctionInfo& function) {
        return function.style == style && function.name == name;
    });
}

Error no_such_overload(const FunctionInfo& function, std::span<const Value> arguments) {
    if (function.style == FunctionStyle::infix && function.name != "[]") {
        return evaluation_error(fmt::format("no such overload: {} {} {}", type_name(arguments[0]),
                                            function.name, type_name(arguments[1])));
    }
    if (function.style == FunctionStyle::method) {
        return evaluation_error(fmt::format("no such overload: {}.{}({})", type_name(arguments[0]),
                                            function.name, names_of(arguments.subspan(1))));
    }
    return evaluation_error(
        fmt::format("no such overload: {}({})", function.name, names_of(arguments)));
}

}  // namespace sillage
