#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "engine/model/definition.hpp"
#include "engine/model/snapshot.hpp"

namespace sillage {

/// The position of a context field, or nothing.
[[nodiscard]] std::optional<std::size_t> context_position(const Definition& definition,
                                                          std::string_view name);

/// The value of a context field; null when there is no such field.
[[nodiscard]] const boost::json::value* context_value(const Definition& definition,
                                                      const Snapshot& snapshot,
                                                      std::string_view name);

/// The context as JSON has it: every field by its name, in the definition's order. Made in
/// `memory`.
[[nodiscard]] boost::json::object context_object(const Definition& definition,
                                                 const Snapshot& snapshot,
                                                 const boost::json::storage_ptr& memory = {});

}  // namespace sillage
