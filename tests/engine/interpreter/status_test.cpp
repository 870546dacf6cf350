#include "engine/interpreter/status.hpp"

#include "engine/model/context.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

constexpr auto programme = R"(
workflow: programme
version: 1
title: The programme
roles: { sme: {}, mentor: {} }
context:
  open: { type: string, default: seen }
  secret: { type: string, default: unseen, visible_to: [mentor] }
  both:
    type: object
    default: { a: 1, b: 2 }
    properties: { a: { type: integer }, b: { type: integer, visible_to: [mentor] } }
initial: tracks
states:
  tracks:
    title: { en: Tracks, fr: Parcours }
    title_for: { sme: At work }
    type: parallel
    on: { end: over }
    states:
      one:
        initial: a
        states: { a: { title: First, waiting_for: sme, deadline: { within: 2 days } } }
      two:
        initial: b
        states: { b: { title: Second, waiting_for: mentor, deadline: { within: 1 day } } }
  over: { type: final, title: Over }
)";

Status status_for(const Chart& chart, std::vector<std::string> roles, std::string language = "en") {
    Input input = chart.input;
    input.actor = Actor{.id = "reader", .roles = std::move(roles)};
    input.languages = {std::move(language)};
    return describe(*chart.definition, chart.snapshot, input);
}

}  // namespace

TEST_SUITE("interpreter/status") {
    TEST_CASE("the title is that of the deepest state around all active ones, for its reader") {
        const Chart chart(programme);

        CHECK(status_for(chart, {"mentor"}).title == "Tracks");
        CHECK(status_for(chart, {"mentor"}, "fr").title == "Parcours");
        CHECK(status_for(chart, {"sme"}, "fr").title == "At work");
    }

    TEST_CASE("states, roles and deadlines are listed in their orders") {
        const Status status = status_for(Chart(programme), {"mentor"});

        CHECK(status.stage == "tracks");
        CHECK(status.states == std::vector<std::string>{"tracks.one.a", "tracks.two.b"});
        CHECK(status.waiting_for == std::vector<std::string>{"sme", "mentor"});
        REQUIRE(status.deadlines.size() == 2);
        CHECK(status.deadlines[0].state == "tracks.two.b");
        CHECK_FALSE(status.overdue);
    }

    TEST_CASE("a reader sees the fields of its roles, members of objects too") {
        const Chart chart(programme);

        CHECK(status_for(chart, {"mentor"}).context ==
              context_object(*chart.definition, chart.snapshot));
        CHECK(status_for(chart, {"sme"}).context ==
              boost::json::object{{"open", "seen"}, {"both", {{"a", 1}}}});
    }

    TEST_CASE("an ended instance still has the place where it ended") {
        Chart chart(programme);
        chart.send("end");

        const Status status = status_for(chart, {"sme"});

        CHECK(status.done);
        CHECK(status.stage == "over");
        CHECK(status.states == std::vector<std::string>{"over"});
        CHECK(status.title == "Over");
        CHECK(status.deadlines.empty());
    }

    TEST_CASE("an expression that fails stands in the text as it was written") {
        const Chart chart(R"(
workflow: w
version: 1
title: "{1 / zero} of {zero}"
context: { zero: { type: integer, default: 0 } }
initial: a
states: { a: {} }
)");

        CHECK(render(*chart.definition, chart.snapshot, chart.input, chart.definition->title) ==
              "{1 / zero} of 0");
    }
}
