#pragma once

#include <string>
#include <string_view>

#include "engine/store/record.hpp"

namespace sillage {

/// The text without regard to case: A-Z, and the capitals of the Latin-1 and Latin Extended-A
/// blocks, in which Europe's company names are written, become small. Other bytes stay.
[[nodiscard]] std::string fold_case(std::string_view text);

/// What `InstanceFilter::q` is looked for in: the record's `name`, folded; empty without one.
[[nodiscard]] std::string search_text(const Record& record);

}  // namespace sillage
