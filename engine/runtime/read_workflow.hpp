#pragma once

#include <string_view>

#include "engine/model/reading.hpp"

namespace sillage {

/// Reads a workflow in whatever it is written: SCXML when the text begins with `<` or the file's
/// name ends in `.scxml`, else YAML or JSON. What is published and read again later is
/// Definition::source, which holds the files that a document refers to and needs no neighbours.
[[nodiscard]] ReadOutcome read_workflow(std::string_view text, std::string_view file,
                                        const Neighbours& neighbours = {});

/// The definition of a document that an invoke gave as text. Errors: definition_invalid: its first
/// error.
[[nodiscard]] Result<std::shared_ptr<const Definition>> read_document(const std::string& text);

}  // namespace sillage
