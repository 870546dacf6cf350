#pragma once

#include <boost/json/object.hpp>

#include "engine/interpreter/detail/machine.hpp"

// data: the first values of the context fields that a `.scxml` document declares.
// Source: SCXML 1.0, section 5.3.

namespace sillage {

/// What of the given values a new instance takes: an invoked one passes over those that its
/// document's own `datamodel` does not declare (SCXML 6.4.3).
[[nodiscard]] boost::json::value accepted_values(const Definition& definition, const Input& input);

/// Sets the data of the document, and those of all states unless they are bound late. Where a value
/// was given, it stands. One whose expression fails stays null, and `error.execution` is raised.
void bind_first(Machine& machine, const boost::json::value& given);

/// A state is about to be entered: sets its data when that is for the first time and bound late.
void bind_late(Machine& machine, StateIndex state);

}  // namespace sillage
