#include <fmt/format.h>

#include <array>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/operators.hpp"

namespace sillage {
namespace {

/// The items of a single list, or the arguments themselves when they are several.
Result<std::span<const Value>> items_of(CallFrame& frame, std::span<const Value> arguments) {
    if (arguments.size() > 1) {
        return arguments;
    }
    const auto* list = arguments[0].list();
    if (!list) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.meter.take_steps(list->size())) {
        return budget_error();
    }
    return std::span<const Value>(*list);
}

std::optional<double> as_double(const Value& value) {
    const auto* number = value.get_if<std::int64_t>();
    const auto* natural = value.get_if<std::uint64_t>();
    const auto* fraction = value.get_if<double>();
    return number     ? std::optional(static_cast<double>(*number))
           : natural  ? std::optional(static_cast<double>(*natural))
           : fraction ? std::optional(*fraction)
                      : std::nullopt;
}

/// `a + b`; when one is a double and the other an int or uint, as doubles.
Result<Value> plus(CallFrame& frame, const Value& a, const Value& b) {
    const bool mixed = is_number(a) && is_number(b) && a.data().index() != b.data().index();
    const std::array operands = {mixed ? Value(*as_double(a)) : a,
                                 mixed ? Value(*as_double(b)) : b};
    return cel_add(frame, operands);
}

/// The first item that comes before every other (`sign` -1) or after (1).
Result<Value> extreme(CallFrame& frame, std::span<const Value> arguments, int sign) {
    SILLAGE_TRY(const auto items, items_of(frame, arguments));
    if (items.empty()) {
        return evaluation_error(
            fmt::format("{}() of an empty list has no value", frame.function.name));
    }
    const Value* best = &items.front();
    for (const Value& item : items) {
        if (!take_comparison(frame.meter, item, *best)) {
            return budget_error();
        }
        const auto order = compare_values(item, *best);
        if (!order) {
            const std::array pair = {item, *best};
            return no_such_overload(frame.function, pair);
        }
        best = (sign < 0 ? *order < 0 : *order > 0) ? &item : best;
    }
    return *best;
}

}  // namespace

Result<Value> cel_sum(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto items, items_of(frame, arguments));
    if (items.empty()) {
        return Value(std::int64_t{0});
    }
    Value total = items.front();
    if (!is_number(total) && !total.get_if<TimeSpan>()) {
        return no_such_overload(frame.function, arguments);
    }
    for (const Value& item : items.subspan(1)) {
        SILLAGE_TRY(total, plus(frame, total, item));
    }
    return total;
}

Result<Value> cel_average(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto items, items_of(frame, arguments));
    if (items.empty()) {
        return evaluation_error("avg() of an empty list has no value");
    }
    double total = 0;
    for (const Value& item : items) {
        const auto number = as_double(item);
        if (!number) {
            return no_such_overload(frame.function, arguments);
        }
        total += *number;
    }
    return Value(total / static_cast<double>(items.size()));
}

Result<Value> cel_minimum(CallFrame& frame, std::span<const Value> arguments) {
    return extreme(frame, arguments, -1);
}

Result<Value> cel_maximum(CallFrame& frame, std::span<const Value> arguments) {
    return extreme(frame, arguments, 1);
}

}  // namespace sillage
