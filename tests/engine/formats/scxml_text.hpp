#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/scxml.hpp"
#include "tests/support/findings.hpp"

/// Findings that differ are printed, each on a line.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
    static String convert(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines) {
            text += "\n  " + line;
        }
        return text.c_str();
    }
};

namespace sillage::test {

/// A document of these elements, on one line behind its start tag.
inline std::string scxml_of(std::string_view inside, std::string_view attributes = "") {
    return R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" )" +
           std::string(attributes) + ">\n" + std::string(inside) + "\n</scxml>";
}

/// `LINE:COLUMN code` of each finding.
inline std::vector<std::string> scxml_findings(std::string_view text,
                                               const Neighbours& neighbours = {}) {
    return places_and_codes(read_scxml(text, "test.scxml", neighbours).findings);
}

/// The definition of a document without errors, or the test ends in the findings' own words.
inline std::shared_ptr<const Definition> scxml_definition(std::string_view text,
                                                          const Neighbours& neighbours = {}) {
    ReadOutcome outcome = read_scxml(text, "test.scxml", neighbours);
    if (!outcome.definition) {
        FAIL(words_of(outcome.findings));
    }
    return outcome.definition;
}

/// Files beside a document.
inline Neighbours files(std::map<std::string, std::string, std::less<>> texts) {
    return [texts = std::move(texts)](std::string_view path) -> Result<std::string> {
        const auto found = texts.find(path);
        if (found == texts.end()) {
            return Error{.code = ErrorCode::not_found, .message = "No such file."};
        }
        return found->second;
    };
}

}  // namespace sillage::test
