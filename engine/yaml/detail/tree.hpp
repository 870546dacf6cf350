#pragma once

#include <cstddef>

#include "engine/yaml/detail/node.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {

/// Levels of lists and mappings (language.md, section 2).
inline constexpr std::size_t yaml_depth_max = 32;
/// Nodes that all aliases of a file together may stand for (language.md, section 2).
inline constexpr std::size_t alias_nodes_max = 10'000;

/// Reads one YAML document, or JSON: limits, tags, aliases, `<<` and duplicate keys are dealt with
/// here. Null when the text cannot be read as YAML or passes a limit; the findings say why.
[[nodiscard]] NodePtr build_tree(const SourceText& source, Findings& findings);

}  // namespace sillage
