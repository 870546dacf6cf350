#pragma once

#include <vector>

#include "engine/yaml/detail/reading.hpp"

namespace sillage {

/// Fields of a context or of an object below one, or of a form, where `required` may stand.
enum class FieldPlace { context, form };

/// Reads declared fields but for their texts, which may use any name and are read when all are
/// known. The node is a mapping of field name to JSON Schema words.
[[nodiscard]] std::vector<Field> read_fields(Reading& reading, const Node& node, FieldPlace place);

/// Reads `title` and `description` of fields that were read from the node.
void read_field_texts(Reading& reading, const Node& node, std::vector<Field>& fields);

}  // namespace sillage
