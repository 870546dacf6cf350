#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/cel/detail/syntax.hpp"

namespace sillage {

/// What a quoted literal's body stands for. In bytes, `\x` and octal escapes are octets, and
/// there is no `\u`. `offset` is the body's, for findings.
[[nodiscard]] Parsed<std::string> unescape(std::string_view body, std::size_t offset, bool bytes);

/// Decimal digits, or `0x` and hexadecimal ones; nothing when out of range.
[[nodiscard]] std::optional<Value> integer_value(std::string_view digits, bool negative);
[[nodiscard]] std::optional<Value> unsigned_value(std::string_view digits);

/// A decimal number with optional fraction, exponent and minus; one too small is zero, nothing
/// when it is no number or too large.
[[nodiscard]] std::optional<double> read_double(std::string_view digits);

}  // namespace sillage
