#pragma once

#include <pugixml.hpp>

#include "engine/model/definition.hpp"

namespace sillage {

/// Adds `<sillage:KEY>`, whose text is the value as JSON.
void add_extension(pugi::xml_node parent, std::string_view key, const boost::json::value& value);

/// Adds an attribute, after those that are there.
void add_attribute(pugi::xml_node node, const char* name, std::string_view value);

/// `<param>` for each member of a mapping, `<content>` for another value, nothing for null. False,
/// and nothing added, when CEL cannot say it.
[[nodiscard]] bool add_data(pugi::xml_node parent, const ValueTemplate& data);

/// Adds a block as executable content: elements of SCXML where they say the same, ours elsewhere.
void add_block(pugi::xml_node parent, const Definition& definition, const Block& block);

}  // namespace sillage
