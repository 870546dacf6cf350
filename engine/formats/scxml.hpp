#pragma once

#include <string_view>

#include "engine/model/reading.hpp"

namespace sillage {

/// Reads an SCXML document and compiles its expressions. Two kinds: a workflow that `convert` wrote
/// (`sillage:version` on `<scxml>`), which sections 2 to 7 of language.md govern as if it were
/// YAML, and any other one, which SCXML's own rules govern (Dialect::scxml). What `src` refers to
/// is read through `neighbours`, once: Definition::source is the text with those files inside, so
/// that it reads the same without them. Source: SCXML 1.0; language.md, section 8; the extension's
/// words are in this room's README.
[[nodiscard]] ReadOutcome read_scxml(std::string_view text, std::string_view file,
                                     const Neighbours& neighbours = {});

}  // namespace sillage
