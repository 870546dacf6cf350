#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

// A workflow's own events carry what expressions gave. An expression that reads a field which is
// not for the reader would tell of it.

namespace sillage::server {

/// The data of an `emit` of that type as the reader may see it: members that some `emit` of the
/// type in the definition makes of values which the reader may not see are left out. Nothing: the
/// whole is made of such.
[[nodiscard]] std::optional<boost::json::value> told_emit(const Definition& definition,
                                                          std::string_view type,
                                                          boost::json::value data,
                                                          const Actor& reader);

}  // namespace sillage::server
