#pragma once

#include <vector>

#include "engine/interpreter/detail/candidates.hpp"

namespace sillage {

/// `Only mentor may do this.`
[[nodiscard]] Reason role_reason(const Moment& moment, const Transition& transition);

/// The engine's own event was sent by an account.
[[nodiscard]] Reason reserved_reason(const Moment& moment);

/// One for each way in which the data is not what the form asks for; empty when it is.
[[nodiscard]] std::vector<Reason> form_reasons(const Moment& moment, const Transition& transition);

/// The clause's `otherwise`, else a sentence with the values it read. `failure`: why it could not
/// be evaluated; empty when it is plainly false.
[[nodiscard]] Reason guard_reason(const Moment& moment, const GuardClause& clause,
                                  const std::string& failure);

/// No active state has the event, naming the nearest.
[[nodiscard]] Reason state_reason(const Moment& moment);

/// The reasons of a refusal, those of the candidate that got furthest first.
[[nodiscard]] std::vector<Reason> decisive_first(const Moment& moment,
                                                 const ConsideredList& candidates);

}  // namespace sillage
