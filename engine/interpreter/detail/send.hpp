#pragma once

#include <string>

#include "engine/interpreter/detail/machine.hpp"

namespace sillage {

/// A value that names something: text, a number in its spelling; empty for null.
/// Errors: expression_failed, limit_exceeded: as fill; another value.
[[nodiscard]] Result<std::string> name_from(const Moment& moment, const ValueTemplate& value);

/// `send`: evaluates what it says, then raises, starts a timer or posts. `send_id` becomes its id
/// as soon as that is known, for the error that may follow. Errors: expression_failed,
/// limit_exceeded: nothing is sent; in SCXML also for a type or a target that nothing here serves.
[[nodiscard]] Result<void> send(Machine& machine, const Moment& moment, const SendAction& action,
                                std::string& send_id);

}  // namespace sillage
