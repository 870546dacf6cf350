#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/cel/value.hpp"

namespace sillage {

/// Nanoseconds of ten thousand years need 70 bits.
__extension__ using WideInt = __int128;

[[nodiscard]] WideInt nanoseconds_of(Timestamp at);
[[nodiscard]] WideInt nanoseconds_of(TimeSpan span);

/// Errors: expression_failed: outside the years 1-9999.
[[nodiscard]] Result<Timestamp> timestamp_at(WideInt nanoseconds);
/// Errors: expression_failed: beyond ±315,576,000,000 s.
[[nodiscard]] Result<TimeSpan> time_span_of(WideInt nanoseconds);

/// RFC 3339 with up to nine digits of a second. Errors: expression_failed.
[[nodiscard]] Result<Timestamp> parse_timestamp(std::string_view text);

/// Decimal numbers with units `h m s ms us ns`. Ex. `1h30m`, `-1.5s`, `0`.
/// Errors: expression_failed.
[[nodiscard]] Result<TimeSpan> parse_time_span(std::string_view text);
/// Seconds. Ex. `5400s`, `-0.5s`.
[[nodiscard]] std::string time_span_text(TimeSpan span);

/// Shortest digits that read back equal, as CEL's string() gives them: `1.5`, `1500`, `1e+06`,
/// `NaN`, `+Inf`.
[[nodiscard]] std::string double_text(double number);

}  // namespace sillage
