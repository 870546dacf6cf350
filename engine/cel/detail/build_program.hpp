#pragma once

#include <memory>
#include <vector>

#include "engine/cel/detail/syntax.hpp"

namespace sillage {

/// Flattens a checked tree, constants folded. A literal pattern that is none is a finding, in an
/// open scope an error when it runs.
[[nodiscard]] std::shared_ptr<const Program> build_program(const SyntaxTree& tree,
                                                           std::vector<ExpressionFinding>& findings,
                                                           bool open);

}  // namespace sillage
