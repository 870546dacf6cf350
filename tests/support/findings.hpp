#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/yaml/read.hpp"

namespace sillage::test {

/// `LINE:COLUMN code` of each finding, warnings with a `?` before the code.
inline std::vector<std::string> places_and_codes(const std::vector<Finding>& findings) {
    std::vector<std::string> lines;
    for (const Finding& finding : findings) {
        lines.push_back(std::to_string(finding.place.line) + ":" +
                        std::to_string(finding.place.column) +
                        (finding.severity == Severity::warning ? " ?" : " ") + finding.code);
    }
    return lines;
}

/// The findings of a text, as `LINE:COLUMN code`.
inline std::vector<std::string> findings_of(std::string_view text) {
    return places_and_codes(read_definition(text, "test.yaml").findings);
}

/// The same in their own words, as `sillage check` prints them.
inline std::string words_of(const std::vector<Finding>& findings) {
    std::string words;
    for (const Finding& finding : findings) {
        words += to_string(finding) + "\n";
    }
    return words;
}

/// The definition of a text without errors, or the test ends in the findings' own words.
inline std::shared_ptr<const Definition> definition_of(std::string_view text) {
    ReadOutcome outcome = read_definition(text, "test.yaml");
    if (!outcome.definition) {
        FAIL(words_of(outcome.findings));
    }
    return outcome.definition;
}

}  // namespace sillage::test
