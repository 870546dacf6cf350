#pragma once

#include "tests/tidy/tree.hpp"

namespace sillage::test {

// One function a rule of the house; each looks at the whole tree and gives every finding.

/// Rule `include`: rooms include only rooms on lower floors, the engine nothing of the server,
/// `detail/` is private, and an include starts at the root.
[[nodiscard]] Findings check_includes(const Tree& tree);

/// Rule `ban`: headers and calls that have no place in an area: sockets, threads, clocks, chance.
[[nodiscard]] Findings check_bans(const Tree& tree);

/// Rule `sql`: statements live in the backends of the store, and none is put together from text.
[[nodiscard]] Findings check_sql(const Tree& tree);

/// Rule `size`: files, functions, test cases, lines, parameters and nesting.
[[nodiscard]] Findings check_sizes(const Tree& tree);

/// Rule `top`: the top level has exactly the entries the house names.
[[nodiscard]] Findings check_top_level(const Tree& tree);

/// Rule `room`: every folder of engine/ and server/ is on the plan and opens with a README.md.
[[nodiscard]] Findings check_rooms(const Tree& tree);

/// Rule `untested`: every source file, and every header with more than look-ups, has a test file.
[[nodiscard]] Findings check_tested(const Tree& tree);

/// Rule `unlisted`: every source file is named by a CMakeLists.txt above it.
[[nodiscard]] Findings check_listed(const Tree& tree);

/// Rule `form`: `#pragma once`, file names, namespaces, `using namespace`, tabs.
[[nodiscard]] Findings check_form(const Tree& tree);

/// Rule `name`: the name of a test case is its alone in its program and one that CTest can pass on.
[[nodiscard]] Findings check_test_names(const Tree& tree);

/// Rule `word`: unfinished work without an issue, names that say nothing, paths of one machine.
[[nodiscard]] Findings check_words(const Tree& tree);

/// Every rule, less what tests/tidy/exceptions.txt excuses. A line of it reads
/// `rule path: reason`; one that is malformed or excuses nothing is a finding itself.
[[nodiscard]] Findings check_house(const Tree& tree);

}  // namespace sillage::test
