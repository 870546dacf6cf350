#pragma once

#include <span>

#include "engine/model/step.hpp"
#include "tests/property/dice.hpp"

namespace sillage::test {

/// Of what random charts know: `e0` … `e4`, `ping`; and one event that they do not.
[[nodiscard]] std::span<const char* const> random_event_names();

/// Data that fits a form, data that does not, or mostly none.
[[nodiscard]] boost::json::value random_data(Dice& dice);

/// Holds some of `r0` to `r2`.
[[nodiscard]] Actor random_actor(Dice& dice);

}  // namespace sillage::test
