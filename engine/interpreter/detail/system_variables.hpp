#pragma once

#include <string>
#include <string_view>

#include "engine/cel/scope.hpp"
#include "engine/interpreter/detail/moment.hpp"

namespace sillage {

/// By what other sessions, and `_ioprocessors`, address an instance. Ex. `#_scxml_ins_…`.
[[nodiscard]] std::string session_address(std::string_view instance);

/// `_event`, `_name`, `_sessionid` or `_ioprocessors` of a `.scxml` document.
/// Source: SCXML 1.0, section 5.10.
[[nodiscard]] Value system_variable(const Moment& moment, Builtin variable);

/// What `_event` tells of the external event that a step begins with.
[[nodiscard]] EventDetail external_detail(const Moment& moment);

}  // namespace sillage
