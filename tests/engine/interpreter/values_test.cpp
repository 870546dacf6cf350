#include "engine/interpreter/detail/values.hpp"

#include "engine/base/json.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

constexpr auto yaml = R"(
workflow: w
version: 1
roles: { sme: {}, mentor: {} }
context:
  score: { type: integer, default: 7 }
  secret: { type: integer, default: 9, visible_to: [mentor] }
  person:
    type: object
    default: { name: Ana, pin: 1 }
    properties: { name: { type: string }, pin: { type: integer, visible_to: [mentor] } }
initial: a
states:
  a:
    on:
      go: { guard: "score > 9 || secret > 9 || person.pin > 9 || person.name == ''", target: a }
)";

}  // namespace

TEST_SUITE("interpreter/values") {
    TEST_CASE("a path leads to a value of the moment, or to nothing") {
        Chart chart(yaml);
        const Input input = chart.with_event("go", boost::json::object{{"n", 3}});
        const Moment moment = moment_before(*chart.definition, chart.snapshot, input);
        const auto text_at = [&](std::string_view path) {
            const auto value = read_path(moment, path);
            return value ? to_json_text(*value) : std::string("-");
        };

        CHECK(text_at("score") == "7");
        CHECK(text_at("person.name") == "\"Ana\"");
        CHECK(text_at("person.age") == "-");
        CHECK(text_at("event.data.n") == "3");
        CHECK(text_at("actor.id") == "\"ana\"");
        CHECK(text_at("last('go')") == "null");
        CHECK(text_at("In('a')") == "true");
        CHECK(text_at("entered('a')") == "\"2027-01-15T08:00:00.000Z\"");
        CHECK(text_at("nowhere") == "-");
    }

    TEST_CASE("the values of a refused rule leave out what the actor may not read") {
        Chart chart(yaml);
        chart.input.actor.roles = {"sme"};

        const Error error = test::error_of(chart.try_send("go"));

        REQUIRE(error.reasons.size() == 1);
        CHECK(error.reasons[0].values == boost::json::object{{"score", 7}, {"person.name", "Ana"}});
    }
}
