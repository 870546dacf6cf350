#include "tests/engine/cel/expressions.hpp"

#include <doctest/doctest.h>

namespace sillage::test {

void check_rows(const std::vector<CelRow>& rows) {
    for (const CelRow& row : rows) {
        CAPTURE(row.expression);
        const std::string outcome = outcome_of(row.expression);
        const std::string_view wanted = row.result;
        if (wanted.starts_with("error: ")) {
            CHECK(outcome.starts_with("error: "));
            CHECK_MESSAGE(outcome.find(wanted.substr(7)) != std::string::npos, outcome);
        } else {
            CHECK(outcome == wanted);
        }
    }
}

}  // namespace sillage::test
