#pragma once

#include "engine/interpreter/detail/moment.hpp"
#include "engine/interpreter/explain.hpp"

namespace sillage {

/// What role, form and each clause of the guard say of the event, whether or not selection needed
/// to ask them. Agrees with the judgement of candidates: enabled is what has no refusing verdict.
[[nodiscard]] Verdicts verdicts_of(const Moment& moment, const Transition& transition);

}  // namespace sillage
