#pragma once

#include "tests/conformance/straight_journey.hpp"

namespace sillage::test {

/// Whether going on from what was saved is going on from what was not: every step's snapshot is
/// the same once it was encoded and decoded. Errors: corrupt: names the first that is not.
[[nodiscard]] Result<void> check_saved(const Steps& steps);

/// Snapshots, traces and effects. Errors: corrupt: names the first step that differs or is missing.
[[nodiscard]] Result<void> check_equal(const Steps& expected, const Steps& found);

}  // namespace sillage::test
