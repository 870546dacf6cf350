#include <doctest/doctest.h>

#include "tests/engine/cel/expressions.hpp"
#include "tests/engine/cel/workflow_scope.hpp"

using namespace sillage;
using test::outcome_of;
using test::workflow_scope;

namespace {

/// Answers with the function and its arguments, as text, and with null for names not known.
Result<Value> echo(const void*, HostFunction function, std::span<const Value> arguments) {
    if (function == HostFunction::last) {
        return Value();
    }
    std::string text = std::to_string(static_cast<int>(function));
    for (const Value& argument : arguments) {
        text += " " + to_string(argument);
    }
    return text_value(text);
}

constexpr Environment host{.call = echo};

}  // namespace

TEST_SUITE("cel/functions_workflow") {
    TEST_CASE("the host answers for the instance and the calendar") {
        CHECK(outcome_of("In('review')", workflow_scope(), host) == R"("0 \"review\"")");
        CHECK(outcome_of("last('go') == null", workflow_scope(), host) == "true");
        CHECK(outcome_of("last('go').by", workflow_scope(), host) ==
              "error: no such overload: field by of null_type");
        CHECK(outcome_of("entered('review')", workflow_scope(), host) == R"("2 \"review\"")");
        CHECK(outcome_of("add(timestamp(0), '2 days')", workflow_scope(), host) ==
              R"("3 timestamp(\"1970-01-01T00:00:00Z\") \"2 days\"")");
        CHECK(outcome_of("days(timestamp(0), timestamp(0))", workflow_scope(), host)
                  .starts_with("\"4 "));
        CHECK(outcome_of("working_days(timestamp(0), timestamp(0))", workflow_scope(), host)
                  .starts_with("\"5 "));
    }

    TEST_CASE("the host is asked only with arguments of the right types") {
        CHECK(outcome_of("add(dyn(1), 'x')", workflow_scope(), host) ==
              "error: no such overload: add(int, string)");
        CHECK(outcome_of("days(timestamp(0), dyn(null))", workflow_scope(), host) ==
              "error: no such overload: days(google.protobuf.Timestamp, null_type)");
    }

    TEST_CASE("without a host these functions are errors") {
        CHECK(outcome_of("add(timestamp(0), '1 day')") == "error: add() is of no use here");
        CHECK(outcome_of("In('review')") == "error: There is no function In().");
    }
}
