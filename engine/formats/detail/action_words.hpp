#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/model/definition.hpp"

namespace sillage {

/// An action as a mapping, `{"raise": "done"}`. State ids are the definition's.
[[nodiscard]] boost::json::object action_words(const Definition& definition, const Action& action);
/// `entry`, `exit`, `actions`, …: the actions in order.
[[nodiscard]] boost::json::array block_words(const Definition& definition, const Block& block);

}  // namespace sillage
