#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "engine/model/definition.hpp"
#include "engine/model/snapshot.hpp"
#include "tests/property/dice.hpp"

namespace sillage::test {

/// A workflow file as a JSON tree, of nested, parallel, final and history states. Transitions have
/// roles, forms, guards that may fail and targets in several regions; actions assign, raise, send,
/// choose and loop; there are eventless and delayed transitions, deadlines, contracts. Its events
/// are those of random_input.hpp.
[[nodiscard]] boost::json::object random_chart(Dice& dice);

/// The file, in lines: what finds the column of a finding counts from a line's begin.
[[nodiscard]] std::string chart_text(const boost::json::object& chart);

/// The definition of such a tree; an error in it ends the test.
[[nodiscard]] std::shared_ptr<const Definition> read_chart(const boost::json::object& chart);

/// Whether an instance may stand so: one child of each active compound state, every region of each
/// active parallel one, every active state's parent, no history; nothing once it has ended.
[[nodiscard]] bool is_legal(const Definition& definition, const Snapshot& snapshot);

}  // namespace sillage::test
