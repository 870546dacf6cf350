#include "engine/model/finding.hpp"

#include <doctest/doctest.h>

using namespace sillage;

TEST_SUITE("model/finding") {
    TEST_CASE("a finding is one line with its place, severity, message and code") {
        const Finding finding{.file = "tea.yaml",
                              .place = {.line = 3, .column = 7},
                              .severity = Severity::warning,
                              .code = "unknown-key",
                              .message = "There is no key \"tilte\"."};

        CHECK(to_string(finding) ==
              "tea.yaml:3:7: warning: There is no key \"tilte\". [unknown-key]");
    }

    TEST_CASE("warnings alone are no errors") {
        CHECK_FALSE(has_errors({}));
        CHECK_FALSE(has_errors({Finding{.severity = Severity::warning}}));
        CHECK(has_errors({Finding{.severity = Severity::warning}, Finding{}}));
    }
}
