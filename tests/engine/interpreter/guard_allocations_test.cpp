#include "engine/cel/compile.hpp"
#include "engine/cel/scope.hpp"
#include "engine/interpreter/detail/moment.hpp"
#include "tests/support/allocations.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::ok;

namespace {

/// How many allocations judging the guard took.
std::size_t allocations_of(std::string_view text) {
    test::Chart chart(R"(
workflow: w
version: 1
context:
  score: { type: integer, default: 81 }
  share: { type: number, default: 0.5 }
  status: { type: string, default: a status that no short string holds in place }
  opens: { type: string, format: date-time, default: 2027-03-15T16:00:00Z }
  office: { type: object, default: { country: FR } }
initial: a
states: { a: }
)");
    chart.input.company = boost::json::object{{"name", "Orvane"}, {"headcount", 84}};
    chart.input.cohort = boost::json::object{{"settings", {{"threshold", 60}}}};
    const Input input = chart.with_event("submit", {{"score", 81}});
    const auto compiled = compile_expression(text, Scope(chart.definition->context, {"a"}));
    REQUIRE(compiled.findings.empty());
    const Moment moment = moment_before(*chart.definition, chart.snapshot, input);

    const std::size_t before = test::allocation_count();
    const auto verdict = holds(moment, compiled.expression);
    const std::size_t after = test::allocation_count();

    CHECK(ok(verdict));
    return after - before;
}

}  // namespace

TEST_SUITE("interpreter/guard_allocations") {
    TEST_CASE("a guard of scalars allocates nothing") {
        for (const std::string text :
             {"score >= 70 && company.headcount < 250", "score * 2 - 1 > 100 || share / 2.0 < 0.1",
              "!(score < 70) && share >= 0.5", "score > 70 ? share < 1.0 : false",
              "event.data.score >= cohort.settings.threshold", "office.country == 'FR'",
              "status == 'a status that no short string holds in place'",
              "event.name == 'submit' && actor.id == 'ana'", "company.website == null",
              "cohort.dates.closes == null && has(company.name)", "now < opens",
              "now - opens < duration('87600h')", "In('a')", "status.startsWith('a status')"}) {
            CAPTURE(text);
            CHECK(allocations_of(text) == 0);
        }
    }

    TEST_CASE("what makes lists or texts is seen to allocate") {
        CHECK(allocations_of("actor.roles == []") > 0);
        CHECK(allocations_of("status + '!' != status") > 0);
    }
}
