#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// A definition of Dialect::scxml in the terms of a workflow: to be written, not to be run, as its
/// expressions are texts only.
struct Translation {
    Definition definition = {};
    /// What could not be said, a sentence each, each once.
    std::vector<std::string> losses = {};
};

[[nodiscard]] Translation translate(const Definition& definition);

}  // namespace sillage
