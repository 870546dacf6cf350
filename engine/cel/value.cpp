#include "engine/cel/value.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/cel/detail/operators.hpp"

namespace sillage {
namespace {

/// Milliseconds, rounded down, and the rest.
struct SplitSecond {
    std::int64_t seconds;
    std::int64_t ms;
};

SplitSecond split(std::int64_t ms) {
    const std::int64_t rest = ((ms % 1000) + 1000) % 1000;
    return {(ms - rest) / 1000, rest};
}

struct Namer {
    std::string_view operator()(NullValue) const { return "null_type"; }
    std::string_view operator()(bool) const { return "bool"; }
    std::string_view operator()(std::int64_t) const { return "int"; }
    std::string_view operator()(std::uint64_t) const { return "uint"; }
    std::string_view operator()(double) const { return "double"; }
    std::string_view operator()(TextView) const { return "string"; }
    std::string_view operator()(Bytes) const { return "bytes"; }
    std::string_view operator()(const ValueList*) const { return "list"; }
    std::string_view operator()(const ValueEntries*) const { return "map"; }
    std::string_view operator()(Timestamp) const { return "google.protobuf.Timestamp"; }
    std::string_view operator()(TimeSpan) const { return "google.protobuf.Duration"; }
    std::string_view operator()(TypeName) const { return "type"; }
};

/// Some text of its tree lives elsewhere.
bool borrows(const Value& value) {
    if (const ValueList* list = value.list()) {
        return std::ranges::any_of(*list, borrows);
    }
    if (const ValueEntries* entries = value.entries()) {
        return std::ranges::any_of(*entries, [](const auto& entry) {
            return borrows(entry.first) || borrows(entry.second);
        });
    }
    return (value.text() || value.get_if<Bytes>()) && !value.owner();
}

ValueList owned_items(const ValueList& list) {
    ValueList items;
    items.reserve(list.size());
    std::ranges::transform(list, std::back_inserter(items), owned);
    return items;
}

ValueEntries owned_entries(const ValueEntries& map) {
    ValueEntries entries;
    entries.reserve(map.size());
    for (const auto& [key, value] : map) {
        entries.emplace_back(owned(key), owned(value));
    }
    return entries;
}

}  // namespace

Value text_value(std::string text) {
    const auto owner = std::make_shared<const std::string>(std::move(text));
    return Value(TextView{*owner}, owner);
}

Value bytes_value(std::string octets) {
    const auto owner = std::make_shared<const std::string>(std::move(octets));
    return Value(Bytes{*owner}, owner);
}

Value list_value(ValueList items) {
    const auto owner = std::make_shared<const ValueList>(std::move(items));
    return Value(owner.get(), owner);
}

Value map_value(ValueEntries entries) {
    const auto owner = std::make_shared<const ValueEntries>(std::move(entries));
    return Value(owner.get(), owner);
}

Value owned(Value value) {
    if (!borrows(value)) {
        return value;
    }
    if (const auto* text = value.text()) {
        return text_value(std::string(*text));
    }
    if (const auto* bytes = value.get_if<Bytes>()) {
        return bytes_value(std::string(bytes->octets));
    }
    return value.list() ? list_value(owned_items(*value.list()))
                        : map_value(owned_entries(*value.entries()));
}

Value instant_value(Instant at) {
    const SplitSecond parts = split(at.milliseconds);
    return Value(Timestamp{.seconds = parts.seconds,
                           .nanoseconds = static_cast<std::int32_t>(parts.ms * 1'000'000)});
}

Instant instant_of(Timestamp at) { return Instant{at.seconds * 1000 + at.nanoseconds / 1'000'000}; }

bool equal(const Value& a, const Value& b) {
    constexpr auto unbounded = std::numeric_limits<std::size_t>::max();
    CostMeter meter(EvaluationBudget{.steps = unbounded, .bytes = unbounded});
    return equal_within(meter, a, b);
}

std::string_view type_name(const Value& value) { return std::visit(Namer{}, value.data()); }

}  // namespace sillage
