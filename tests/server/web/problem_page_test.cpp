#include "server/web/problem_page.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

TEST_SUITE("web/problem_page") {
    TEST_CASE("a page says what its kind of problem means") {
        for (const Problem& kind : problems()) {
            CAPTURE(kind.code);
            const std::string page = problem_page(kind);

            CHECK(page.find(std::to_string(static_cast<int>(kind.status))) != std::string::npos);
            CHECK(page.find(kind.code) != std::string::npos);
        }
        CHECK(problem_page(problem_named("role")).find(problem_named("role").title) !=
              std::string::npos);
    }
}
