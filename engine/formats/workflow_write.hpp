#pragma once

#include <string>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

struct WrittenWorkflow {
    /// The workflow file in YAML.
    std::string text = {};
    /// What a definition of SCXML says and a workflow file cannot, a sentence each: the file
    /// behaves otherwise there.
    std::vector<std::string> losses = {};
};

/// A definition as a workflow file with all sugar written out. What was read from plain SCXML is
/// said in the words of a workflow: states get paths for ids, data become context fields that are
/// set on entry.
[[nodiscard]] WrittenWorkflow to_workflow(const Definition& definition);

}  // namespace sillage
