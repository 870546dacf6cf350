#pragma once

#include <string>
#include <vector>

#include "engine/cel/detail/syntax.hpp"

namespace sillage {

struct CheckedTree {
    ValueType type = {};
    std::vector<ExpressionFinding> findings = {};
    std::vector<std::string> reads = {};
    std::vector<AskedEvent> asked_events = {};
};

/// Resolves names and functions in the tree, and checks types where they are known. In an open
/// scope nothing is found: what cannot be resolved gets a `failure`.
[[nodiscard]] CheckedTree check_expression(SyntaxTree& tree, const Scope& scope);

}  // namespace sillage
