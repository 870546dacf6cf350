#include "engine/cel/value.hpp"

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
    std::string_view operator()(const SharedText&) const { return "string"; }
    std::string_view operator()(const Bytes&) const { return "bytes"; }
    std::string_view operator()(const std::shared_ptr<const ValueList>&) const { return "list"; }
    std::string_view operator()(const std::shared_ptr<const ValueEntries>&) const { return "map"; }
    std::string_view operator()(Timestamp) const { return "google.protobuf.Timestamp"; }
    std::string_view operator()(TimeSpan) const { return "google.protobuf.Duration"; }
    std::string_view operator()(TypeName) const { return "type"; }
};

}  // namespace

Value text_value(std::string text) {
    return Value(std::make_shared<const std::string>(std::move(text)));
}

Value list_value(ValueList items) {
    return Value(std::make_shared<const ValueList>(std::move(items)));
}

Value map_value(ValueEntries entries) {
    return Value(std::make_shared<const ValueEntries>(std::move(entries)));
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
