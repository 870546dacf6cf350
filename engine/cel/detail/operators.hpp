#pragma once

#include <compare>
#include <optional>

#include "engine/cel/detail/meter.hpp"

namespace sillage {

/// CEL's `==` within a budget; when that does not reach, false and the meter is exhausted.
[[nodiscard]] bool equal_within(CostMeter& meter, const Value& a, const Value& b);

/// CEL's order of numbers, texts, bytes, booleans, timestamps and durations; nothing when there
/// is none between the two, unordered for NaN.
[[nodiscard]] std::optional<std::partial_ordering> compare_values(const Value& a, const Value& b);

/// Charges what compare_values reads of two texts or bytes.
[[nodiscard]] bool take_comparison(CostMeter& meter, const Value& a, const Value& b);

/// An int, uint or double.
[[nodiscard]] bool is_number(const Value& value);

/// The value under a key, or null; 1, 1u and 1.0 are one key. When the budget does not reach,
/// null and the meter is exhausted.
[[nodiscard]] const Value* find_entry(CostMeter& meter, const ValueEntries& entries,
                                      const Value& key);
[[nodiscard]] const Value* find_entry(CostMeter& meter, const ValueEntries& entries,
                                      std::string_view key);

/// What a value's tree holds, in bytes, is charged; a part that stands in two places counts twice.
/// So whoever gets the value may walk it without fear. False when the budget does not reach.
[[nodiscard]] bool take_whole(CostMeter& meter, const Value& value);

}  // namespace sillage
