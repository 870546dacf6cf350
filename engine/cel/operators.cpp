#include "engine/cel/detail/operators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/time_text.hpp"

namespace sillage {
namespace {

std::partial_ordering reversed(std::partial_ordering order) {
    return order == std::partial_ordering::less      ? std::partial_ordering::greater
           : order == std::partial_ordering::greater ? std::partial_ordering::less
                                                     : order;
}

/// Lossy beyond 2^53, as CEL's reference implementation and its conformance tests have it.
template <class Integer>
std::partial_ordering order_of(Integer number, double other) {
    return static_cast<double>(number) <=> other;
}

std::partial_ordering order_of(std::int64_t a, std::uint64_t b) {
    return std::cmp_less(a, b)      ? std::partial_ordering::less
           : std::cmp_greater(a, b) ? std::partial_ordering::greater
                                    : std::partial_ordering::equivalent;
}

std::partial_ordering order_of_numbers(const Value& a, const Value& b) {
    if (const auto* number = a.get_if<std::int64_t>()) {
        if (const auto* other = b.get_if<std::int64_t>()) {
            return *number <=> *other;
        }
        const auto* other = b.get_if<std::uint64_t>();
        return other ? order_of(*number, *other) : order_of(*number, *b.get_if<double>());
    }
    if (const auto* number = a.get_if<std::uint64_t>()) {
        if (const auto* other = b.get_if<std::uint64_t>()) {
            return *number <=> *other;
        }
        const auto* other = b.get_if<std::int64_t>();
        return other ? reversed(order_of(*other, *number)) : order_of(*number, *b.get_if<double>());
    }
    if (const auto* other = b.get_if<double>()) {
        return *a.get_if<double>() <=> *other;
    }
    return reversed(order_of_numbers(b, a));
}

template <class T>
std::optional<std::partial_ordering> order_if_both(const Value& a, const Value& b) {
    const T* left = a.get_if<T>();
    const T* right = b.get_if<T>();
    return left && right ? std::optional(std::partial_ordering(*left <=> *right)) : std::nullopt;
}

std::partial_ordering order_of_octets(std::string_view a, std::string_view b) {
    return a.compare(b) <=> 0;
}

/// Of a text or bytes; null for others.
const std::string_view* octets_of(const Value& value) {
    const auto* text = value.text();
    const auto* bytes = value.get_if<Bytes>();
    return text ? text : bytes ? &bytes->octets : nullptr;
}

bool equal_lists(CostMeter& meter, const ValueList& a, const ValueList& b) {
    return a.size() == b.size() &&
           std::ranges::equal(a, b, [&](const Value& left, const Value& right) {
               return equal_within(meter, left, right);
           });
}

bool equal_maps(CostMeter& meter, const ValueEntries& a, const ValueEntries& b) {
    return a.size() == b.size() && std::ranges::all_of(a, [&](const auto& entry) {
               const Value* other = find_entry(meter, b, entry.first);
               return other && equal_within(meter, entry.second, *other);
           });
}

/// How two values stand to each other, or why they cannot.
Result<std::partial_ordering> ordered(CallFrame& frame, std::span<const Value> arguments) {
    if (!take_comparison(frame.meter, arguments[0], arguments[1])) {
        return budget_error();
    }
    const auto order = compare_values(arguments[0], arguments[1]);
    if (!order) {
        return no_such_overload(frame.function, arguments);
    }
    return *order;
}

/// The position that a list's index means.
Result<Value> item_at(CallFrame& frame, const ValueList& list, std::span<const Value> arguments) {
    const Value& index = arguments[1];
    if (!is_number(index)) {
        return no_such_overload(frame.function, arguments);
    }
    const auto* fraction = index.get_if<double>();
    if (fraction && *fraction != std::trunc(*fraction)) {
        return evaluation_error("a list's index is a whole number");
    }
    const Value first(std::int64_t{0});
    const Value end(static_cast<std::uint64_t>(list.size()));
    const bool inside = order_of_numbers(index, first) >= 0 && order_of_numbers(index, end) < 0;
    if (!inside) {
        return evaluation_error(
            fmt::format("index out of bounds: the list has {} items, counted from 0", list.size()));
    }
    const auto* number = index.get_if<std::int64_t>();
    const auto* natural = index.get_if<std::uint64_t>();
    return list[number    ? static_cast<std::size_t>(*number)
                : natural ? static_cast<std::size_t>(*natural)
                          : static_cast<std::size_t>(*fraction)];
}

std::string key_text(const Value& key) {
    if (const auto* text = key.text()) {
        return std::string(text->substr(0, 64));
    }
    if (const auto* truth = key.get_if<bool>()) {
        return *truth ? "true" : "false";
    }
    if (const auto* number = key.get_if<std::int64_t>()) {
        return std::to_string(*number);
    }
    if (const auto* number = key.get_if<std::uint64_t>()) {
        return std::to_string(*number);
    }
    const auto* number = key.get_if<double>();
    return number ? double_text(*number) : std::string(type_name(key));
}

Result<Value> negated(Result<Value> truth) {
    SILLAGE_TRY(const auto value, std::move(truth));
    return Value(!*value.get_if<bool>());
}

/// Steps of looking through so many entries: comparing two keys is a fraction of an operation.
std::size_t lookup_steps(std::size_t entries) { return entries / 16; }

}  // namespace

bool is_number(const Value& value) {
    return value.get_if<std::int64_t>() || value.get_if<std::uint64_t>() || value.get_if<double>();
}

bool take_comparison(CostMeter& meter, const Value& a, const Value& b) {
    const std::string_view* left = octets_of(a);
    const std::string_view* right = octets_of(b);
    return !left || !right || meter.take_reading(std::min(left->size(), right->size()));
}

std::optional<std::partial_ordering> compare_values(const Value& a, const Value& b) {
    if (is_number(a) && is_number(b)) {
        return order_of_numbers(a, b);
    }
    const auto* text = a.text();
    const auto* other_text = b.text();
    if (text && other_text) {
        return order_of_octets(*text, *other_text);
    }
    const auto* bytes = a.get_if<Bytes>();
    const auto* other_bytes = b.get_if<Bytes>();
    if (bytes && other_bytes) {
        return order_of_octets(bytes->octets, other_bytes->octets);
    }
    if (const auto order = order_if_both<bool>(a, b)) {
        return order;
    }
    if (const auto order = order_if_both<Timestamp>(a, b)) {
        return order;
    }
    return order_if_both<TimeSpan>(a, b);
}

bool equal_within(CostMeter& meter, const Value& a, const Value& b) {
    if (!meter.take_steps(1)) {
        return false;
    }
    const auto* list = a.list();
    const auto* other_list = b.list();
    if (list && other_list) {
        return equal_lists(meter, *list, *other_list);
    }
    const auto* map = a.entries();
    const auto* other_map = b.entries();
    if (map && other_map) {
        return equal_maps(meter, *map, *other_map);
    }
    const auto* type = a.get_if<TypeName>();
    const auto* other_type = b.get_if<TypeName>();
    if (type && other_type) {
        return type->name == other_type->name;
    }
    if (!take_comparison(meter, a, b)) {
        return false;
    }
    const auto order = compare_values(a, b);
    return order ? *order == 0 : a.is_null() && b.is_null();
}

const Value* find_entry(CostMeter& meter, const ValueEntries& entries, const Value& key) {
    if (const auto* text = key.text()) {
        return find_entry(meter, entries, *text);
    }
    if (!meter.take_steps(lookup_steps(entries.size()))) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) {
        const auto order = compare_values(entry.first, key);
        return order && *order == 0;
    });
    return found == entries.end() ? nullptr : &found->second;
}

const Value* find_entry(CostMeter& meter, const ValueEntries& entries, std::string_view key) {
    if (!meter.take_steps(lookup_steps(entries.size()))) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(entries, [&](const auto& entry) {
        const auto* text = entry.first.text();
        return text && text->size() == key.size() && meter.take_reading(key.size()) && *text == key;
    });
    return found == entries.end() ? nullptr : &found->second;
}

bool take_whole(CostMeter& meter, const Value& value) {
    if (!meter.take_bytes(sizeof(Value))) {
        return false;
    }
    if (const auto* list = value.list()) {
        return std::ranges::all_of(*list,
                                   [&](const Value& item) { return take_whole(meter, item); });
    }
    if (const auto* map = value.entries()) {
        return std::ranges::all_of(*map, [&](const auto& entry) {
            return take_whole(meter, entry.first) && take_whole(meter, entry.second);
        });
    }
    if (const auto* bytes = value.get_if<Bytes>()) {
        return meter.take_bytes(bytes->octets.size());
    }
    const auto* text = value.text();
    return !text || meter.take_bytes(text->size());
}

Result<Value> cel_not(CallFrame& frame, std::span<const Value> arguments) {
    const auto* truth = arguments[0].get_if<bool>();
    if (!truth) {
        return no_such_overload(frame.function, arguments);
    }
    return Value(!*truth);
}

Result<Value> cel_equal(CallFrame& frame, std::span<const Value> arguments) {
    const bool same = equal_within(frame.meter, arguments[0], arguments[1]);
    if (frame.meter.exhausted()) {
        return budget_error();
    }
    return Value(same);
}

Result<Value> cel_not_equal(CallFrame& frame, std::span<const Value> arguments) {
    return negated(cel_equal(frame, arguments));
}

Result<Value> cel_less(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto order, ordered(frame, arguments));
    return Value(order < 0);
}

Result<Value> cel_less_equal(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto order, ordered(frame, arguments));
    return Value(order <= 0);
}

Result<Value> cel_greater(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto order, ordered(frame, arguments));
    return Value(order > 0);
}

Result<Value> cel_greater_equal(CallFrame& frame, std::span<const Value> arguments) {
    SILLAGE_TRY(const auto order, ordered(frame, arguments));
    return Value(order >= 0);
}

Result<Value> cel_in(CallFrame& frame, std::span<const Value> arguments) {
    bool found = false;
    if (const auto* list = arguments[1].list()) {
        found = std::ranges::any_of(*list, [&](const Value& item) {
            return equal_within(frame.meter, arguments[0], item);
        });
    } else if (const auto* map = arguments[1].entries()) {
        found = find_entry(frame.meter, *map, arguments[0]) != nullptr;
    } else {
        return no_such_overload(frame.function, arguments);
    }
    if (frame.meter.exhausted()) {
        return budget_error();
    }
    return Value(found);
}

Result<Value> cel_index(CallFrame& frame, std::span<const Value> arguments) {
    if (const auto* list = arguments[0].list()) {
        return item_at(frame, *list, arguments);
    }
    const auto* map = arguments[0].entries();
    if (!map) {
        return no_such_overload(frame.function, arguments);
    }
    const Value* found = find_entry(frame.meter, *map, arguments[1]);
    if (frame.meter.exhausted()) {
        return budget_error();
    }
    if (!found) {
        return evaluation_error("no such key: " + key_text(arguments[1]));
    }
    return *found;
}

}  // namespace sillage
