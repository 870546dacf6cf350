#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/base/result.hpp"

namespace sillage {

/// Bytes that one compiled pattern may take. Chosen: a hundred times what a postal address check
/// needs; nested repetitions beyond it are refused when compiled.
inline constexpr std::int64_t pattern_memory_max = 1 << 20;

/// Steps of compiling a pattern that is not a literal. Measured: up to a millisecond, so an
/// evaluation compiles at most 200 of them.
inline constexpr std::size_t pattern_steps = 500;

/// Errors: expression_failed: not a regular expression of RE2, or too large.
[[nodiscard]] Result<std::shared_ptr<const re2::RE2>> compile_cel_pattern(std::string_view pattern);

}  // namespace sillage
