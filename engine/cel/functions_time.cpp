#include <fmt/format.h>

#include <optional>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/time_text.hpp"

namespace sillage {
namespace {

constexpr std::int64_t day_seconds = 86'400;
/// ISO 8601 and the zone database stay within a day.
constexpr std::int64_t offset_hours_max = 23;

/// Measured: a host takes 10 µs to find a zone's rules, or to find none.
constexpr std::size_t zone_steps = 20;

std::optional<std::int64_t> two_digits(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) {
        return std::nullopt;
    }
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/// Seconds of `+02:00`, `-09:30` or `02:00`.
std::optional<std::int64_t> fixed_offset(std::string_view zone) {
    const bool west = zone.starts_with('-');
    if (west || zone.starts_with('+')) {
        zone.remove_prefix(1);
    }
    if (zone.size() != 5 || zone[2] != ':') {
        return std::nullopt;
    }
    const auto hours = two_digits(zone);
    const auto minutes = two_digits(zone.substr(3));
    if (!hours || !minutes || *hours > offset_hours_max || *minutes > 59) {
        return std::nullopt;
    }
    return (west ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

Result<std::int64_t> offset_of(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments.size() == 1) {
        return 0;
    }
    const auto* zone = arguments[1].text();
    if (!zone) {
        return no_such_overload(frame.function, arguments);
    }
    if (*zone == "UTC" || *zone == "Z" || zone->empty()) {
        return 0;
    }
    if (const auto offset = fixed_offset(*zone)) {
        return *offset;
    }
    if (!frame.environment.call) {
        return evaluation_error(fmt::format("unknown time zone: {}", zone->substr(0, 64)));
    }
    if (!frame.meter.take_steps(zone_steps)) {
        return budget_error();
    }
    const std::array named = {arguments[1], arguments[0]};
    const auto offset =
        frame.environment.call(frame.environment.host, HostFunction::zone_offset, named);
    const auto* seconds = offset ? offset.value().get_if<std::int64_t>() : nullptr;
    if (seconds) {
        return *seconds;
    }
    return evaluation_error(offset ? fmt::format("unknown time zone: {}", zone->substr(0, 64))
                                   : offset.error().message);
}

/// A wall clock's reading.
struct WallTime {
    CivilDate date;
    std::int64_t day;     ///< since 1970-01-01
    std::int64_t second;  ///< of the day
    std::int64_t nanosecond;
};

Result<WallTime> wall_time(CallFrame& frame, std::span<const Value> arguments) {
    const auto* at = arguments[0].get_if<Timestamp>();
    if (!at) {
        return no_such_overload(frame.function, arguments);
    }
    SILLAGE_TRY(const auto offset, offset_of(frame, arguments));
    const std::int64_t seconds = at->seconds + offset;
    const std::int64_t second = ((seconds % day_seconds) + day_seconds) % day_seconds;
    const std::int64_t day = (seconds - second) / day_seconds;
    return WallTime{
        .date = civil_from_days(day), .day = day, .second = second, .nanosecond = at->nanoseconds};
}

using Reading = std::int64_t (*)(const WallTime& time);

Result<Value> read_time(CallFrame& frame, std::span<const Value> arguments, Reading reading) {
    SILLAGE_TRY(const auto time, wall_time(frame, arguments));
    return Value(reading(time));
}

/// Of a timestamp by `reading`, of a duration in whole units of so many nanoseconds.
Result<Value> read_time_or_span(CallFrame& frame, std::span<const Value> arguments, Reading reading,
                                std::int64_t unit) {
    const auto* span = arguments[0].get_if<TimeSpan>();
    if (span && arguments.size() == 1) {
        return Value(static_cast<std::int64_t>(nanoseconds_of(*span) / unit));
    }
    return read_time(frame, arguments, reading);
}

constexpr std::int64_t second_ns = 1'000'000'000;

}  // namespace

Result<Value> cel_full_year(CallFrame& frame, std::span<const Value> arguments) {
    return read_time(frame, arguments,
                     [](const WallTime& time) -> std::int64_t { return time.date.year; });
}

Result<Value> cel_month(CallFrame& frame, std::span<const Value> arguments) {
    return read_time(frame, arguments,
                     [](const WallTime& time) -> std::int64_t { return time.date.month - 1; });
}

Result<Value> cel_date(CallFrame& frame, std::span<const Value> arguments) {
    return read_time(frame, arguments,
                     [](const WallTime& time) -> std::int64_t { return time.date.day; });
}

Result<Value> cel_day_of_month(CallFrame& frame, std::span<const Value> arguments) {
    return read_time(frame, arguments,
                     [](const WallTime& time) -> std::int64_t { return time.date.day - 1; });
}

Result<Value> cel_day_of_week(CallFrame& frame, std::span<const Value> arguments) {
    // 1970-01-01 was a Thursday; Sunday is 0.
    return read_time(frame, arguments,
                     [](const WallTime& time) { return (((time.day + 4) % 7) + 7) % 7; });
}

Result<Value> cel_day_of_year(CallFrame& frame, std::span<const Value> arguments) {
    return read_time(frame, arguments, [](const WallTime& time) {
        return time.day - days_from_civil({.year = time.date.year, .month = 1, .day = 1});
    });
}

Result<Value> cel_hours(CallFrame& frame, std::span<const Value> arguments) {
    return read_time_or_span(
        frame, arguments, [](const WallTime& time) { return time.second / 3600; },
        3600 * second_ns);
}

Result<Value> cel_minutes(CallFrame& frame, std::span<const Value> arguments) {
    return read_time_or_span(
        frame, arguments, [](const WallTime& time) { return time.second / 60 % 60; },
        60 * second_ns);
}

Result<Value> cel_seconds(CallFrame& frame, std::span<const Value> arguments) {
    return read_time_or_span(
        frame, arguments, [](const WallTime& time) { return time.second % 60; }, second_ns);
}

Result<Value> cel_milliseconds(CallFrame& frame, std::span<const Value> arguments) {
    const auto* span = arguments[0].get_if<TimeSpan>();
    if (span && arguments.size() == 1) {
        // The part below a second, as the conformance tests have it, unlike the other three.
        return Value(std::int64_t{span->nanoseconds / 1'000'000});
    }
    return read_time(frame, arguments,
                     [](const WallTime& time) { return time.nanosecond / 1'000'000; });
}

}  // namespace sillage
