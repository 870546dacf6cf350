#include <cmath>
#include <limits>
#include <utility>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/time_text.hpp"

namespace sillage {
namespace {

/// Both arguments, when they are of one type.
template <class T>
std::optional<std::pair<T, T>> both(std::span<const Value> arguments) {
    const T* a = arguments[0].get_if<T>();
    const T* b = arguments[1].get_if<T>();
    return a && b ? std::optional(std::pair(*a, *b)) : std::nullopt;
}

template <class T>
using Checked = bool (*)(T, T, T*);

/// An int or uint operation that reports overflow.
template <class T>
Result<Value> checked(Checked<T> operation, std::pair<T, T> operands, const CallFrame& frame) {
    T result = 0;
    if (operation(operands.first, operands.second, &result)) {
        return evaluation_error("integer overflow in " + std::string(frame.function.name));
    }
    return Value(result);
}

template <class T>
bool add_overflows(T a, T b, T* result) {
    return __builtin_add_overflow(a, b, result);
}
template <class T>
bool subtract_overflows(T a, T b, T* result) {
    return __builtin_sub_overflow(a, b, result);
}
template <class T>
bool multiply_overflows(T a, T b, T* result) {
    return __builtin_mul_overflow(a, b, result);
}

template <class T>
Result<Value> wrapped(Result<T> result) {
    SILLAGE_TRY(auto value, std::move(result));
    return Value(value);
}

Result<std::string> join(CallFrame& frame, std::string_view a, std::string_view b) {
    if (!frame.meter.take_making(a.size() + b.size())) {
        return budget_error();
    }
    std::string joined;
    joined.reserve(a.size() + b.size());
    return joined.append(a).append(b);
}

Result<Value> join(CallFrame& frame, const ValueList& a, const ValueList& b) {
    const std::size_t count = a.size() + b.size();
    if (!frame.meter.take_steps(count) || !frame.meter.take_bytes(count * sizeof(Value))) {
        return budget_error();
    }
    ValueList joined;
    joined.reserve(count);
    joined.insert(joined.end(), a.begin(), a.end());
    joined.insert(joined.end(), b.begin(), b.end());
    return list_value(std::move(joined));
}

/// Timestamps and durations; `sign` is 1 for `+`, -1 for `-`.
Result<Value> move_in_time(CallFrame& frame, std::span<const Value> arguments, int sign) {
    const auto* at = arguments[0].get_if<Timestamp>();
    const auto* span = arguments[1].get_if<TimeSpan>();
    if (at && span) {
        return wrapped(timestamp_at(nanoseconds_of(*at) + sign * nanoseconds_of(*span)));
    }
    if (const auto spans = both<TimeSpan>(arguments)) {
        return wrapped(
            time_span_of(nanoseconds_of(spans->first) + sign * nanoseconds_of(spans->second)));
    }
    return no_such_overload(frame.function, arguments);
}

/// Division by zero and `min / -1` have no value.
Result<void> check_divisor(std::int64_t dividend, std::int64_t divisor, const CallFrame& frame) {
    if (divisor == 0) {
        return evaluation_error(frame.function.name == "%" ? "modulus by zero"
                                                           : "division by zero");
    }
    if (divisor == -1 && dividend == std::numeric_limits<std::int64_t>::min()) {
        return evaluation_error("integer overflow in " + std::string(frame.function.name));
    }
    return success();
}

}  // namespace

Result<Value> cel_add(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto ints = both<std::int64_t>(arguments)) {
        return checked<std::int64_t>(add_overflows, *ints, frame);
    }
    if (const auto doubles = both<double>(arguments)) {
        return Value(doubles->first + doubles->second);
    }
    if (const auto uints = both<std::uint64_t>(arguments)) {
        return checked<std::uint64_t>(add_overflows, *uints, frame);
    }
    if (const auto texts = both<TextView>(arguments)) {
        SILLAGE_TRY(auto joined, join(frame, texts->first.view, texts->second.view));
        return text_value(std::move(joined));
    }
    if (const auto bytes = both<Bytes>(arguments)) {
        SILLAGE_TRY(auto joined, join(frame, bytes->first.octets, bytes->second.octets));
        return bytes_value(std::move(joined));
    }
    if (const auto lists = both<const ValueList*>(arguments)) {
        return join(frame, *lists->first, *lists->second);
    }
    if (arguments[0].get_if<TimeSpan>() && arguments[1].get_if<Timestamp>()) {
        const std::array swapped = {arguments[1], arguments[0]};
        return move_in_time(frame, swapped, 1);
    }
    return move_in_time(frame, arguments, 1);
}

Result<Value> cel_subtract(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto ints = both<std::int64_t>(arguments)) {
        return checked<std::int64_t>(subtract_overflows, *ints, frame);
    }
    if (const auto doubles = both<double>(arguments)) {
        return Value(doubles->first - doubles->second);
    }
    if (const auto uints = both<std::uint64_t>(arguments)) {
        return checked<std::uint64_t>(subtract_overflows, *uints, frame);
    }
    if (const auto instants = both<Timestamp>(arguments)) {
        const WideInt difference =
            nanoseconds_of(instants->first) - nanoseconds_of(instants->second);
        // The conformance tests want what 64 bits of nanoseconds hold: about 292 years.
        if (difference > std::numeric_limits<std::int64_t>::max() ||
            difference < std::numeric_limits<std::int64_t>::min()) {
            return evaluation_error("duration out of range: the timestamps are too far apart");
        }
        return wrapped(time_span_of(difference));
    }
    return move_in_time(frame, arguments, -1);
}

Result<Value> cel_multiply(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto ints = both<std::int64_t>(arguments)) {
        return checked<std::int64_t>(multiply_overflows, *ints, frame);
    }
    if (const auto doubles = both<double>(arguments)) {
        return Value(doubles->first * doubles->second);
    }
    if (const auto uints = both<std::uint64_t>(arguments)) {
        return checked<std::uint64_t>(multiply_overflows, *uints, frame);
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_divide(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto ints = both<std::int64_t>(arguments)) {
        SILLAGE_TRY(check_divisor(ints->first, ints->second, frame));
        return Value(ints->first / ints->second);
    }
    if (const auto doubles = both<double>(arguments)) {
        return Value(doubles->first / doubles->second);
    }
    if (const auto uints = both<std::uint64_t>(arguments)) {
        SILLAGE_TRY(check_divisor(0, uints->second == 0 ? 0 : 1, frame));
        return Value(uints->first / uints->second);
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_modulo(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto ints = both<std::int64_t>(arguments)) {
        SILLAGE_TRY(check_divisor(ints->first, ints->second, frame));
        return Value(ints->first % ints->second);
    }
    if (const auto uints = both<std::uint64_t>(arguments)) {
        SILLAGE_TRY(check_divisor(0, uints->second == 0 ? 0 : 1, frame));
        return Value(uints->first % uints->second);
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_negate(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto* number = arguments[0].get_if<std::int64_t>()) {
        return checked<std::int64_t>(subtract_overflows, {0, *number}, frame);
    }
    if (const auto* number = arguments[0].get_if<double>()) {
        return Value(-*number);
    }
    if (const auto* span = arguments[0].get_if<TimeSpan>()) {
        return wrapped(time_span_of(-nanoseconds_of(*span)));
    }
    return no_such_overload(frame.function, arguments);
}

}  // namespace sillage
