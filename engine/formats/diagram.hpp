#pragma once

#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/definition.hpp"

namespace sillage {

/// How a diagram is drawn.
struct DiagramOptions {
    /// BCP 47 tags of the reader, best first; nothing: English, else what is written first.
    std::vector<std::string> languages = {};
    /// States where an instance stands; those around them are shown as active too.
    std::vector<StateIndex> active = {};
};

/// The states with those ids, or those `id:` keys with a `#` before.
/// Errors: invalid_argument: no such state, naming the nearest one.
[[nodiscard]] Result<std::vector<StateIndex>> find_states(const Definition& definition,
                                                          const std::vector<std::string>& ids);

/// A Mermaid `stateDiagram-v2`: compound states nested, regions of parallel ones divided by `--`.
[[nodiscard]] std::string to_mermaid(const Definition& definition, const DiagramOptions& options);

/// A graph for Graphviz's `dot`: a cluster for each state with states inside, dashed for the
/// regions of a parallel one.
[[nodiscard]] std::string to_dot(const Definition& definition, const DiagramOptions& options);

}  // namespace sillage
