#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace sillage {

/// A tree as YAML text that reads back as the same tree, without a warning: members in their order,
/// short lists and mappings on one line, whatever might be taken for something else in quotes.
/// Ends with a line end. No member's name may be empty.
[[nodiscard]] std::string to_yaml_text(const boost::json::value& tree);

}  // namespace sillage
