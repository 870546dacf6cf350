#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "server/html/html.hpp"

// Schemas of the document, for readers.

namespace sillage::server {

/// The last part of a reference. Ex. `Company` of `#/components/schemas/Company`.
[[nodiscard]] std::string_view name_in(std::string_view reference);

/// What a value may be, in a few words with links to other schemas. Ex. `string or null`.
void add_type(Html& page, const boost::json::value& schema);

/// The members of an object, a row each, those of objects within it below theirs.
void add_members(Html& page, const boost::json::value& schema);

/// The value as JSON, indented, to be read.
[[nodiscard]] std::string indented(const boost::json::value& value);

}  // namespace sillage::server
