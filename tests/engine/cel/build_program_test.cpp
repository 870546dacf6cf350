#include <algorithm>

#include "engine/cel/detail/program.hpp"
#include "tests/engine/cel/expressions.hpp"
#include "tests/engine/cel/workflow_scope.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

/// Nothing is left to do but to give a constant.
bool is_folded(std::string_view text) {
    const auto compiled = compile_expression(text, Scope());
    REQUIRE(compiled.expression.program);
    return compiled.expression.program->code.size() == 1;
}

/// What the expression loads, as paths are written.
std::vector<std::string> loads_of(std::string_view text) {
    const Scope scope = test::workflow_scope();
    const auto compiled = compile_expression(text, scope);
    REQUIRE(compiled.expression.program);
    std::vector<std::string> loads;
    for (const VariablePath& path : compiled.expression.program->paths) {
        std::string load = path.presence ? "has " : "";
        load += std::ranges::find(scope.names(), path.slot, &Scope::Name::slot)->name;
        for (const PathStep& step : path.steps) {
            load += "." + step.name;
        }
        loads.push_back(load);
    }
    return loads;
}

}  // namespace

TEST_SUITE("cel/build_program") {
    TEST_CASE("constants are folded, unless they end in an error or read the host") {
        CHECK(is_folded("1 + 2 * 3"));
        CHECK(is_folded("[1, [2], {'a': 3}]"));
        CHECK(is_folded("duration('1h') < duration('2h')"));
        CHECK_FALSE(is_folded("1 / 0"));
        CHECK_FALSE(is_folded("timestamp(0).getHours('Europe/Paris')"));
    }

    TEST_CASE("a literal pattern is compiled with the expression, and must be one") {
        const auto compiled = compile_expression("name.matches('^a+$')", test::workflow_scope());

        REQUIRE(compiled.expression.program);
        CHECK(compiled.expression.program->patterns.size() == 1);
        CHECK(test::findings_of("name.matches('(')").starts_with("13 bad-pattern: "));
    }

    TEST_CASE("a pattern much larger than its text is compiled when it runs") {
        const auto compiled = compile_expression("'aaa'.matches('^a{1,900}$')", Scope());

        REQUIRE(compiled.expression.program);
        CHECK(compiled.expression.program->patterns.empty());
        CHECK(test::outcome_of("'aaa'.matches('^a{1,900}$')") == "true");
    }

    TEST_CASE("a chain of fields is one path, and the same path is loaded once") {
        using Loads = std::vector<std::string>;

        CHECK(loads_of("score >= 70 && company.headcount < 250 && score < 90") ==
              Loads{"score", "company.headcount"});
        CHECK(loads_of("has(company.website) && address.city == ''") ==
              Loads{"has company.website", "address.city"});
        CHECK(loads_of("tags.all(t, t != event.data.tag)") == Loads{"tags", "event.data.tag"});
        CHECK(loads_of("anything.list[0].name") == Loads{"anything.list"});
        CHECK(loads_of("[{'score': 1}].all(score, score.score == 1)").empty());
    }

    TEST_CASE("parts that are not there at one time share their registers") {
        const auto registers = [](std::string_view text) {
            return compile_expression(text, Scope()).expression.program->register_count;
        };
        std::string list = "[1].map(x, x + 1)";
        for (int i = 0; i < 50; ++i) {
            list += " + [1].map(x, x + 1)";
        }

        CHECK(registers(list) <= registers("[1].map(x, x + 1) + [1].map(x, x + 1)") + 1);
    }

    TEST_CASE("a program costs a step for each node of the tree that is evaluated") {
        const auto fits = [](std::string_view text, std::size_t steps) {
            const auto compiled = compile_expression(text, Scope());
            const Environment ones{.variable = [](const void*, std::size_t) {
                return Result<Value>(Value(std::int64_t{1}));
            }};
            return evaluate(compiled.expression, ones, {.steps = steps}).has_value();
        };

        for (const auto& [text, steps] : {std::pair("1", 1U),
                                          {"1 + 2", 1U},
                                          {"1 / 0 > 0 || true", 5U},
                                          {"[1, 2].size()", 1U},
                                          {"[1, 2, 3].all(x, x > 0)", 11U},
                                          {"[1, 2, 3].exists(x, x > 1)", 8U},
                                          {"[1, 2].map(x, x)", 4U},
                                          {"[1, 2].filter(x, x > 1)", 8U},
                                          {"[1, 2].exists_one(x, x > 1)", 8U},
                                          {"[5].all(x, x > 0) ? 1 : 2", 7U}}) {
            CAPTURE(text);
            CHECK(fits(text, steps));
            CHECK_FALSE(fits(text, steps - 1));
        }
    }
}
