#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/cel/scope.hpp"
#include "engine/model/expression.hpp"

namespace sillage {

/// What is wrong with an expression, at a byte of it.
struct ExpressionFinding {
    std::size_t offset = 0;  ///< 0-based, in bytes of the text
    std::string code = {};   ///< `syntax`, `unknown-name`, `type-mismatch`, …
    std::string message = {};
};

/// An event that a constant `last('…')` asks about.
struct AskedEvent {
    std::size_t offset = 0;  ///< as in ExpressionFinding
    std::string name = {};
};

struct CompiledExpression {
    /// `program` is null when there are findings.
    Expression expression = {};
    ValueType type = {};
    /// All of them, in order of offset.
    std::vector<ExpressionFinding> findings = {};
    /// In order of appearance.
    std::vector<AskedEvent> asked_events = {};
};

/// Parses and checks names and types, once, when a file is read. `place` is copied.
/// Source: the CEL language definition; our functions: language.md, section 6.
[[nodiscard]] CompiledExpression compile_expression(std::string_view text, const Scope& scope,
                                                    Place place = {});

}  // namespace sillage
