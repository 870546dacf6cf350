#include "engine/interpreter/detail/moment.hpp"

#include "engine/base/json.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

/// What `log` writes down for an expression, in a state `a` of a small workflow.
std::string logged(const std::string& expression, boost::json::value data = nullptr) {
    const std::string yaml = R"(
workflow: w
version: 1
timezone: Europe/Paris
context:
  n: { type: number, default: 5 }
  day: { type: string, format: date, default: 2027-07-01 }
initial: a
states:
  a:
    on:
      typed:
        form: { day: { type: string, format: date }, x: { type: number } }
        actions: [{ log: "${EXPRESSION}" }]
)";
    const std::string mark = "EXPRESSION";
    Chart chart(std::string(yaml).replace(yaml.find(mark), mark.size(), expression));
    chart.input.company = boost::json::object{{"name", "Orvane"}};
    chart.input.cohort = boost::json::object{{"dates", {{"end", "2027-02-01"}}}};
    const Step step = chart.send("typed", std::move(data));
    return step.effects.empty() ? "failed" : to_json_text(std::get<Log>(step.effects[0]).value);
}

}  // namespace

TEST_SUITE("interpreter/moment") {
    TEST_CASE("declared types decide what an expression sees") {
        CHECK(logged("type(n) == double") == "true");
        CHECK(logged("day == timestamp('2027-06-30T22:00:00Z')") == "true");
        CHECK(logged("type(event.data.x) == double", boost::json::object{{"x", 5}}) == "true");
        CHECK(logged("event.data.day == day", boost::json::object{{"day", "2027-07-01"}}) ==
              "true");
    }

    TEST_CASE("no data is an empty object") { CHECK(logged("has(event.data.x)") == "false"); }

    TEST_CASE("the key dates of a cohort are instants, or null while it has none") {
        CHECK(logged("cohort.dates.end == timestamp('2027-01-31T23:00:00Z')") == "true");
        CHECK(logged("cohort.dates.start == null") == "true");
    }

    TEST_CASE("the event, the actor and the company are in sight") {
        CHECK(logged("event.name + ' ' + event.by + ' ' + actor.id + ' ' + company.name") ==
              "\"typed ana ana Orvane\"");
        CHECK(logged("event.at == now") == "true");
    }

    TEST_CASE("the calendar's functions count in the workflow's zone") {
        CHECK(
            logged("days(timestamp('2027-03-27T12:00:00Z'), timestamp('2027-03-29T11:00:00Z'))") ==
            "2");
        CHECK(logged("add(timestamp('2027-03-27T12:00:00Z'), '1 day') == "
                     "timestamp('2027-03-28T11:00:00Z')") == "true");
        CHECK(logged("timestamp('2027-07-01T10:00:00Z').getHours('Europe/Paris')") == "12");
    }
}
