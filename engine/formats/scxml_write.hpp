#pragma once

#include <string>

#include "engine/model/definition.hpp"

namespace sillage {

/// The namespace of what SCXML has no words for: elements `<sillage:KEY>` hold the value of
/// language.md's key of that name, as JSON.
inline constexpr const char* scxml_extension_namespace = "https://sillage.dev/scxml";

/// A definition as a SCXML document with `datamodel="cel"`: what SCXML has, in SCXML; the rest in
/// elements of ours, so that reading it gives a definition that behaves the same. A definition that
/// was read from plain SCXML is its own document, as it was read.
[[nodiscard]] std::string to_scxml(const Definition& definition);

}  // namespace sillage
