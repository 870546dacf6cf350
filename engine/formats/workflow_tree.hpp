#pragma once

#include <boost/json/object.hpp>

#include "engine/model/definition.hpp"

namespace sillage {

/// A definition as the tree that its workflow file is, all sugar written out: every `type` and
/// `initial`, whole paths as targets, guards as lists of checks, who may act where nobody is named,
/// `onDone`, `onError` and what a deadline does as transitions on their events. Reads back (as YAML
/// by `to_yaml_text`, or as JSON) as a definition that behaves the same.
/// Source: language.md, sections 3 to 5.
[[nodiscard]] boost::json::object workflow_tree(const Definition& definition);

}  // namespace sillage
