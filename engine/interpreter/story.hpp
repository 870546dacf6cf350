#pragma once

#include <string>
#include <vector>

#include "engine/interpreter/explain.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// A step told in lines, in execution order: what golden scenarios and `sillage simulate` print.
/// Ex. `exit readiness.assessment`, `take readiness.assessment submit -> readiness.review`,
/// `set score = 72`, `timer deadline.expired.review due=2027-03-01T09:00:00.000Z`. The root is
/// `(top)`, an eventless transition's event `(always)`. An event processed for nothing leaves no
/// line.
[[nodiscard]] std::vector<std::string> tell(const Definition& definition, const Step& step);

/// `refused guard: The score must reach 60; it is 0.`: a line a reason; of another error
/// `error microstep_limit: …`.
[[nodiscard]] std::vector<std::string> tell(const Error& error);

/// A line a candidate, in the order considered, and one a reason; the last line is `accepted` or
/// `refused`.
[[nodiscard]] std::vector<std::string> tell(const Definition& definition,
                                            const Explanation& explanation);

}  // namespace sillage
