#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/literals.hpp"
#include "engine/cel/detail/time_text.hpp"
#include "engine/cel/detail/utf8.hpp"

namespace sillage {
namespace {

/// A double that fits exactly one past an int64's or uint64's largest.
constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

Error out_of_range(const CallFrame& frame) {
    return evaluation_error(fmt::format("range error: no {} has that value", frame.function.name));
}

Error unreadable(const CallFrame& frame, std::string_view text) {
    return evaluation_error(fmt::format("\"{}\" is not {} {}", text.substr(0, 64),
                                        frame.function.name == "int" ? "an" : "a",
                                        frame.function.name));
}

template <class Integer>
Result<Value> read_integer(CallFrame& frame, std::string_view text) {
    if (!frame.meter.take_reading(text.size())) {
        return budget_error();
    }
    const char* begin = text.data();
    const char* end = begin + text.size();
    begin += text.starts_with('+') && text.size() > 1 && text[1] != '-' ? 1 : 0;
    Integer number = 0;
    const auto read = std::from_chars(begin, end, number);
    if (read.ec == std::errc::result_out_of_range) {
        return out_of_range(frame);
    }
    if (read.ec != std::errc() || read.ptr != end) {
        return unreadable(frame, text);
    }
    return Value(number);
}

template <class T>
Result<Value> wrapped(Result<T> result) {
    SILLAGE_TRY(auto value, std::move(result));
    return Value(value);
}

/// Text as it stands in a Value, charged.
Result<Value> made_text(CallFrame& frame, std::string text) {
    if (!frame.meter.take_making(text.size())) {
        return budget_error();
    }
    return text_value(std::move(text));
}

Result<Value> text_of_bytes(CallFrame& frame, const Value& value) {
    const std::string_view octets = value.get_if<Bytes>()->octets;
    if (!frame.meter.take_making(octets.size())) {
        return budget_error();
    }
    if (!is_cel_text(octets)) {
        return evaluation_error("invalid UTF-8: these bytes are not a string");
    }
    return Value(TextView{octets}, value.owner());
}

}  // namespace

Result<Value> cel_int(CallFrame& frame, std::span<const Value> arguments) {
    const Value& value = arguments[0];
    if (value.get_if<std::int64_t>()) {
        return value;
    }
    if (const auto* natural = value.get_if<std::uint64_t>()) {
        if (!std::in_range<std::int64_t>(*natural)) {
            return out_of_range(frame);
        }
        return Value(static_cast<std::int64_t>(*natural));
    }
    if (const auto* number = value.get_if<double>()) {
        // Both ends excluded: a double of that size may stand for a number beyond it.
        if (!(*number > -two_to_63 && *number < two_to_63)) {
            return out_of_range(frame);
        }
        return Value(static_cast<std::int64_t>(*number));
    }
    if (const auto* text = value.text()) {
        return read_integer<std::int64_t>(frame, *text);
    }
    if (const auto* at = value.get_if<Timestamp>()) {
        return Value(at->seconds);
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_uint(CallFrame& frame, std::span<const Value> arguments) {
    const Value& value = arguments[0];
    if (value.get_if<std::uint64_t>()) {
        return value;
    }
    if (const auto* number = value.get_if<std::int64_t>()) {
        if (*number < 0) {
            return out_of_range(frame);
        }
        return Value(static_cast<std::uint64_t>(*number));
    }
    if (const auto* number = value.get_if<double>()) {
        if (!(*number >= 0 && *number < two_to_64)) {
            return out_of_range(frame);
        }
        return Value(static_cast<std::uint64_t>(*number));
    }
    if (const auto* text = value.text()) {
        return read_integer<std::uint64_t>(frame, *text);
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_double(CallFrame& frame, std::span<const Value> arguments) {
    const Value& value = arguments[0];
    if (value.get_if<double>()) {
        return value;
    }
    if (const auto* number = value.get_if<std::int64_t>()) {
        return Value(static_cast<double>(*number));
    }
    if (const auto* natural = value.get_if<std::uint64_t>()) {
        return Value(static_cast<double>(*natural));
    }
    const auto* text = value.text();
    if (!text) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.meter.take_reading(text->size())) {
        return budget_error();
    }
    std::string_view digits = *text;
    if (digits.starts_with('+') && !digits.starts_with("+-")) {
        digits.remove_prefix(1);
    }
    const auto number = read_double(digits);
    if (!number) {
        return unreadable(frame, *text);
    }
    return Value(*number);
}

Result<Value> cel_string(CallFrame& frame, std::span<const Value> arguments) {
    const Value& value = arguments[0];
    if (value.text()) {
        return value;
    }
    if (const auto* number = value.get_if<std::int64_t>()) {
        return made_text(frame, std::to_string(*number));
    }
    if (const auto* natural = value.get_if<std::uint64_t>()) {
        return made_text(frame, std::to_string(*natural));
    }
    if (const auto* number = value.get_if<double>()) {
        return made_text(frame, double_text(*number));
    }
    if (const auto* truth = value.get_if<bool>()) {
        return made_text(frame, *truth ? "true" : "false");
    }
    if (value.get_if<Bytes>()) {
        return text_of_bytes(frame, value);
    }
    if (const auto* at = value.get_if<Timestamp>()) {
        return made_text(frame, timestamp_text(*at));
    }
    if (const auto* span = value.get_if<TimeSpan>()) {
        return made_text(frame, time_span_text(*span));
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_bytes(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments[0].get_if<Bytes>()) {
        return arguments[0];
    }
    const auto* text = arguments[0].text();
    if (!text) {
        return no_such_overload(frame.function, arguments);
    }
    return Value(Bytes{*text}, arguments[0].owner());
}

Result<Value> cel_bool(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments[0].get_if<bool>()) {
        return arguments[0];
    }
    const auto* text = arguments[0].text();
    if (!text) {
        return no_such_overload(frame.function, arguments);
    }
    constexpr std::array<std::string_view, 5> yes = {"1", "t", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 5> no = {"0", "f", "false", "FALSE", "False"};
    if (std::ranges::find(yes, *text) != yes.end()) {
        return Value(true);
    }
    if (std::ranges::find(no, *text) != no.end()) {
        return Value(false);
    }
    return unreadable(frame, *text);
}

Result<Value> cel_timestamp(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments[0].get_if<Timestamp>()) {
        return arguments[0];
    }
    if (const auto* seconds = arguments[0].get_if<std::int64_t>()) {
        return wrapped(timestamp_at(nanoseconds_of(TimeSpan{.seconds = *seconds})));
    }
    const auto* text = arguments[0].text();
    if (!text) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.meter.take_reading(text->size())) {
        return budget_error();
    }
    return wrapped(parse_timestamp(*text));
}

Result<Value> cel_duration(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments[0].get_if<TimeSpan>()) {
        return arguments[0];
    }
    const auto* text = arguments[0].text();
    if (!text) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.meter.take_reading(text->size())) {
        return budget_error();
    }
    return wrapped(parse_time_span(*text));
}

Result<Value> cel_type(CallFrame&, std::span<const Value> arguments) {
    return Value(TypeName{type_name(arguments[0])});
}

Result<Value> cel_dyn(CallFrame&, std::span<const Value> arguments) { return arguments[0]; }

}  // namespace sillage
