#pragma once

#include <boost/json/object.hpp>

#include "engine/runtime/runtime.hpp"

namespace sillage::server {

/// `{event, accepted, candidates, blockers}`. A candidate is `{source, event, targets, verdict,
/// role: {asked, held, ok} | null, form: {ok, problems} | null, guard: [{check, ok, error, values,
/// sentence}], preempted_by: {source, event, targets} | null, reasons}`; `ok` of a clause is null
/// when it cannot be evaluated, or reads what is not for the caller. An outsider is not told of
/// concealed states. Source: language.md, section 7.
[[nodiscard]] boost::json::object explanation_json(const Definition& definition,
                                                   const std::string& event,
                                                   const Explanation& explanation,
                                                   const Call& call = {});

}  // namespace sillage::server
