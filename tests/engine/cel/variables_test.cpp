#include "engine/cel/detail/variables.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

/// Every variable is `{"a": {"b": 1}}`; counts how often one was asked for.
Environment counted(std::size_t& asked) {
    return {.host = &asked, .variable = [](const void* host, std::size_t) -> Result<Value> {
                ++*static_cast<std::size_t*>(const_cast<void*>(host));
                return map_value(
                    {{text_value("a"), map_value({{text_value("b"), Value(std::int64_t{1})}})}});
            }};
}

}  // namespace

TEST_SUITE("cel/variables") {
    TEST_CASE("paths of one variable are read from one answer of the host") {
        std::size_t asked = 0;
        const Environment environment = counted(asked);
        CostMeter meter(EvaluationBudget{});
        Variables variables(environment, meter);

        CHECK(to_string(ok(variables.read({.slot = 7, .steps = {{"a"}, {"b"}}}))) == "1");
        CHECK(to_string(ok(variables.read({.slot = 7, .steps = {{"a"}}}))) == "{\"b\": 1}");
        CHECK(asked == 1);
        CHECK(variables.read({.slot = 8}).has_value());
        CHECK(asked == 2);
    }

    TEST_CASE("what is absent is null, false or an error, as the path has it") {
        std::size_t asked = 0;
        const Environment environment = counted(asked);
        CostMeter meter(EvaluationBudget{});
        Variables variables(environment, meter);

        CHECK(ok(variables.read({.steps = {{"a"}, {"c", true}}})).is_null());
        CHECK(to_string(ok(variables.read({.steps = {{"a"}, {"c"}}, .presence = true}))) ==
              "false");
        CHECK(to_string(ok(variables.read({.steps = {{"a"}, {"b"}}, .presence = true}))) == "true");
        CHECK(error_of(variables.read({.steps = {{"a"}, {"c"}}})).message == "no such key: c");
        CHECK(error_of(variables.read({.steps = {{"a"}, {"b"}, {"c"}}})).message ==
              "no such overload: field c of int");
    }
}
