#include "engine/cel/compile.hpp"

#include <map>

#include "tests/engine/cel/expressions.hpp"
#include "tests/engine/cel/workflow_scope.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

/// Values by slot; a slot without one is null.
struct Slots {
    std::map<std::size_t, Value> values;

    static Result<Value> variable(const void* host, std::size_t slot) {
        const auto& values = static_cast<const Slots*>(host)->values;
        const auto found = values.find(slot);
        return found == values.end() ? Value() : found->second;
    }
    Environment environment() const { return {.host = this, .variable = variable}; }
};

}  // namespace

TEST_SUITE("cel/compile") {
    TEST_CASE("text, place and program stay together") {
        const auto good =
            compile_expression("score + 1", test::workflow_scope(), Place{.line = 3, .column = 5});

        CHECK(good.expression.text == "score + 1");
        CHECK(good.expression.place.line == 3);
        CHECK(good.expression.program);
        CHECK(compile_expression("score +", test::workflow_scope()).expression.program == nullptr);
        CHECK(compile_expression("scroe", test::workflow_scope()).expression.program == nullptr);
    }

    TEST_CASE("variables are read from their slots") {
        const Scope scope = test::workflow_scope();
        const Slots slots{.values = {{scope.find("score")->slot, Value(std::int64_t{41})},
                                     {scope.find("name")->slot, text_value("Orvane")}}};

        CHECK(test::outcome_of("score + 1", scope, slots.environment()) == "42");
        CHECK(test::outcome_of("name.startsWith('Or') && ratio == null", scope,
                               slots.environment()) == "true");
        CHECK(test::outcome_of("ratio > 1.0", scope, slots.environment()) ==
              "error: no such overload: null_type > double");
    }

    TEST_CASE("the host is asked for a variable once in an evaluation") {
        const Scope scope = test::workflow_scope();
        std::size_t asked = 0;
        const Environment counting{.host = &asked,
                                   .variable = [](const void* host, std::size_t) -> Result<Value> {
                                       ++*static_cast<std::size_t*>(const_cast<void*>(host));
                                       return Value(std::int64_t{1});
                                   }};

        CHECK(test::outcome_of("[1, 2, 3].all(x, score == 1 && x >= score)", scope, counting) ==
              "true");

        CHECK(asked == 1);
    }

    TEST_CASE("an absent field is null when it is declared so, an error when it is not") {
        const Scope scope = test::workflow_scope();
        const Slots slots{.values = {{scope.find("company")->slot, map_value({})},
                                     {scope.find("address")->slot, map_value({})},
                                     {scope.find("anything")->slot, map_value({})},
                                     {scope.find("cohort")->slot,
                                      map_value({{text_value("dates"), map_value({})}})}}};
        const Environment environment = slots.environment();

        CHECK(test::outcome_of("company.headcount == null", scope, environment) == "true");
        CHECK(test::outcome_of("company.turnover_eur", scope, environment) == "null");
        CHECK(test::outcome_of("has(company.headcount)", scope, environment) == "false");
        CHECK(test::outcome_of("cohort.dates.close", scope, environment) == "null");
        CHECK(test::outcome_of("address.city", scope, environment) == "null");
        CHECK(test::outcome_of("anything.x", scope, environment) == "error: no such key: x");
    }

    TEST_CASE("the host's error is the expression's") {
        const Environment failing{.variable = [](const void*, std::size_t) -> Result<Value> {
            return Error{.code = ErrorCode::expression_failed, .message = "not today"};
        }};

        CHECK(test::outcome_of("score > 1", test::workflow_scope(), failing) == "error: not today");
        CHECK(test::outcome_of("score > 1 || true", test::workflow_scope(), failing) == "true");
        CHECK(test::outcome_of("score", test::workflow_scope()).starts_with("error: "));
    }
}
