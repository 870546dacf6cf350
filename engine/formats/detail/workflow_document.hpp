#pragma once

#include "engine/formats/detail/xml.hpp"
#include "engine/model/definition.hpp"

namespace sillage {

/// Whether the document is what `convert` makes of a workflow: `sillage:version` stands on it.
[[nodiscard]] bool is_workflow_document(const XmlElement& root);

/// Reads it as the workflow that it was: the tree of language.md, section 3, is made again and read
/// by its rules. Of use only when `findings` has no errors.
[[nodiscard]] Definition read_workflow_document(const XmlElement& root, const SourceText& source,
                                                Findings& findings);

}  // namespace sillage
