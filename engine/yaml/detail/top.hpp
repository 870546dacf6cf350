#pragma once

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// Reads the keys of the document but for its states and the texts that have expressions, which
/// need the names read here.
void read_header(Reading& reading, const Node& top);

/// Reads `title`, `description` and the texts of roles and context fields.
void read_header_texts(Reading& reading, const Node& top);

}  // namespace sillage
