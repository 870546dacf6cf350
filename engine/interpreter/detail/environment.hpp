#pragma once

#include "engine/cel/evaluate.hpp"
#include "engine/interpreter/detail/moment.hpp"

namespace sillage {

/// What one evaluation looks things up in.
struct EvaluationHost {
    const Moment& moment;
    const Expression& expression;
};

/// The names and functions of language.md, section 6, as that moment has them. Refers to `host`;
/// its texts are borrowed from the moment.
[[nodiscard]] Environment environment_of(const EvaluationHost& host);

/// An error of another room, as the expression's own.
[[nodiscard]] Error expression_error(const Error& error);

}  // namespace sillage
