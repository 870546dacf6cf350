#include "engine/interpreter/story.hpp"

#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

TEST_SUITE("interpreter/story") {
    TEST_CASE("effects are told where they were asked for") {
        Chart chart(R"(
workflow: w
version: 1
initial: a
states:
  a:
    on:
      go: { target: b, actions: [log: 1, raise: x, { emit: { type: t, data: { n: 2 } } }] }
  b: { entry: [log: in] }
)");

        CHECK(tell(*chart.definition, chart.send("go")) ==
              std::vector<std::string>{"exit a", "take a go -> b", "log 1", "raise x",
                                       "emit t {\"n\":2}", "enter b", "log \"in\""});
    }

    TEST_CASE("an error that is no refusal names its code and its place") {
        CHECK(tell(Error{.code = ErrorCode::invalid_argument, .message = "No.", .where = "/a"}) ==
              std::vector<std::string>{"error invalid_argument: No. (at /a)"});
        CHECK(
            tell(Error{.code = ErrorCode::limit_exceeded, .message = "Far.", .where = "x_limit"}) ==
            std::vector<std::string>{"error x_limit: Far."});
    }
}
