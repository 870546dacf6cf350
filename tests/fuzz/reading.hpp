#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/model/reading.hpp"
#include "tests/fuzz/driver.hpp"

namespace sillage::test {

/// What holds of every reading of a workflow, whatever the text: there is a definition or an error,
/// every finding stands somewhere in the file, and what is read again reads the same.
inline void check_reading(std::string_view input, const ReadOutcome& outcome,
                          const ReadOutcome& again) {
    must((outcome.definition == nullptr) == has_errors(outcome.findings),
         "there is a definition exactly when no finding is an error");
    const auto line_count =
        static_cast<std::uint32_t>(1 + std::count(input.begin(), input.end(), '\n'));
    for (const Finding& finding : outcome.findings) {
        must(finding.place.line >= 1 && finding.place.column >= 1, "a finding has a place");
        must(finding.place.line <= line_count, "a finding stands in the file");
        must(!finding.code.empty() && !finding.message.empty(), "a finding says what and why");
    }
    must(outcome.findings == again.findings, "equal texts give equal findings");
}

}  // namespace sillage::test
