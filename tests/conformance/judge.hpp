#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/conformance/suite.hpp"

namespace sillage::test {

/// Virtual time that a W3C test may take. Chosen: their longest delay is five seconds.
inline constexpr Duration w3c_time_max{60'000};

/// Errors: contract_broken: the journey stands elsewhere.
template <class Journey>
[[nodiscard]] Result<void> expect(Journey& journey, std::vector<std::string> expected,
                                  std::string_view when) {
    SILLAGE_TRY(std::vector<std::string> leaves, journey.leaves());
    std::ranges::sort(leaves);
    std::ranges::sort(expected);
    if (leaves == expected) {
        return success();
    }
    return Error{.code = ErrorCode::contract_broken,
                 .message = fmt::format("stands in [{}] {}, not in [{}]", fmt::join(leaves, " "),
                                        when, fmt::join(expected, " "))};
}

/// Makes the journey and compares where it stands with what the test expects.
/// Errors: contract_broken: where it stands instead; those of the journey.
template <class Journey>
[[nodiscard]] Result<void> judge(Journey& journey, const ConformanceTest& test) {
    SILLAGE_TRY(journey.start());
    if (test.suite == "w3c") {
        SILLAGE_TRY(journey.advance(w3c_time_max));
        return expect(journey, {"pass"}, "at last");
    }
    SILLAGE_TRY(expect(journey, test.initial, "at first"));
    for (const ScriptedEvent& event : test.events) {
        SILLAGE_TRY(journey.advance(event.after));
        SILLAGE_TRY(journey.send(event));
        SILLAGE_TRY(expect(journey, event.next, "after " + event.name));
    }
    return success();
}

}  // namespace sillage::test
