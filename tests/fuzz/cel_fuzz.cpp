// An expression: compiling ends, its findings lie in the text, and what compiled is evaluated
// within its budget, twice with the same result.
#include "engine/cel/compile.hpp"
#include "engine/cel/evaluate.hpp"
#include "tests/fuzz/driver.hpp"

namespace sillage::test {
namespace {

/// Small, so that a run shows that the budget ends what is costly.
constexpr EvaluationBudget budget{.steps = 20'000, .bytes = 1024U * 1024U};

std::string outcome_of(const Expression& expression) {
    const Result<Value> value = evaluate(expression, Environment{}, budget);
    if (!value) {
        must(value.error().code == ErrorCode::expression_failed ||
                 value.error().code == ErrorCode::limit_exceeded,
             "an evaluation fails or passes a limit");
        return value.error().message;
    }
    return std::string(type_name(value.value()));
}

void read_cel(std::string_view input) {
    const CompiledExpression compiled = compile_expression(input, Scope());
    must((compiled.expression.program == nullptr) == !compiled.findings.empty(),
         "there is a program exactly when nothing is wrong");
    for (const ExpressionFinding& finding : compiled.findings) {
        must(finding.offset <= input.size(), "a finding lies in the text");
        must(!finding.code.empty() && !finding.message.empty(), "a finding says what and why");
    }
    if (compiled.expression.program != nullptr) {
        must(outcome_of(compiled.expression) == outcome_of(compiled.expression),
             "equal expressions give equal outcomes");
    }
}

/// Six macros in each other over ten elements: a million steps.
std::string nested_macros() {
    const std::string list = "[0,1,2,3,4,5,6,7,8,9]";
    std::string text = "true";
    for (const char name : {'a', 'b', 'c', 'd', 'e', 'f'}) {
        text = list + ".all(" + std::string(1, name) + ", " + text + ")";
    }
    return text;
}

}  // namespace

FuzzTarget fuzz_target() {
    constexpr std::size_t deep = 10'000;
    return {.run = read_cel,
            .words = {"&&",
                      "||",
                      "?",
                      ":",
                      "!",
                      "==",
                      " in ",
                      "has(",
                      ".all(x,",
                      ".map(x,",
                      "[",
                      "]",
                      "{",
                      "}",
                      "(",
                      ")",
                      "'",
                      "r\"",
                      "b'",
                      "\\u",
                      "0x",
                      "9223372036854775807",
                      "u",
                      "1e308",
                      "null",
                      "true",
                      "size(",
                      ".matches('",
                      "duration('1h')",
                      "timestamp('2026-01-01T00:00:00Z')",
                      "a?",
                      ".",
                      "\xC3\x28"},
            .bombs = {repeated("(", deep) + "1" + repeated(")", deep), repeated("(", deep),
                      repeated("[", deep), repeated("!", deep) + "true", repeated("-", deep) + "1",
                      "1" + repeated("+1", deep), "true" + repeated("?true:true", deep),
                      "'a'" + repeated("+'a'", deep), nested_macros(),
                      "'" + repeated("a", 30) + "'.matches('" + repeated("a?", 30) +
                          repeated("a", 30) + "')",
                      "'x'.matches('" + repeated("(", deep) + "')"}};
}

}  // namespace sillage::test
