#pragma once

#include <boost/json/object.hpp>

#include "engine/store/record.hpp"

namespace sillage {

/// A record as steps read it: the API's shape, `id` first.
[[nodiscard]] boost::json::object with_id(const Record& record);

}  // namespace sillage
