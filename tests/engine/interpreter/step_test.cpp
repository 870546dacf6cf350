#include "engine/interpreter/step.hpp"

#include <boost/json/object.hpp>

#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;
using test::error_of;
using test::ok;

namespace {

constexpr auto door = R"(
workflow: door
version: 1
context: { knocks: { type: integer, default: 0 } }
initial: shut
states:
  shut:
    after: { 1 day: open }
    on:
      knock: { actions: [{ assign: { knocks: "${knocks + 1}" } }, { send: { event: ask } }] }
      ask: open
      spin: endless
  open: {}
  endless: { always: endless2 }
  endless2: { always: endless }
)";

}  // namespace

TEST_SUITE("interpreter/step") {
    TEST_CASE("equal arguments give equal steps and leave the snapshot as it was") {
        const Chart chart(door);
        const Snapshot before = chart.snapshot;

        CHECK(ok(chart.try_send("knock")) == ok(chart.try_send("knock")));
        CHECK(chart.snapshot == before);
    }

    TEST_CASE("each step counts the sequence up and takes the instant of its input") {
        Chart chart(door);
        CHECK(chart.snapshot.sequence == 1);
        chart.input.now = chart.input.now + Duration{5};

        chart.send("knock");

        CHECK(chart.snapshot.sequence == 2);
        CHECK(chart.snapshot.at == chart.input.now);
    }

    TEST_CASE("an undelayed send waits in the queue for a step of the system") {
        Chart chart(door);
        chart.send("knock");
        const auto queued = queued_input(chart.snapshot, chart.input);
        REQUIRE(queued.has_value());

        const Step next = ok(step(*chart.definition, chart.snapshot, *queued));

        CHECK(queued->actor == system_actor());
        CHECK(next.after.queue.empty());
        CHECK(is_active(next.after, *chart.definition->find_state("open")));
        CHECK_FALSE(queued_input(next.after, chart.input).has_value());
    }

    TEST_CASE("a queued event that enables nothing is taken from the queue all the same") {
        Chart chart(door);
        chart.send("knock");
        chart.send("ask");
        const auto queued = queued_input(chart.snapshot, chart.input);

        CHECK(ok(step(*chart.definition, chart.snapshot, *queued)).after.queue.empty());
    }

    TEST_CASE("a timer fires at its due instant, or now when that is later") {
        const Chart chart(door);
        const Timer timer = chart.snapshot.timers.at(0);
        const Instant later = timer.due + Duration{7};

        CHECK(timer_input(timer, chart.input.now).now == timer.due);
        CHECK(timer_input(timer, later).now == later);
    }

    TEST_CASE("a timer that is not pending cannot fire") {
        const Chart chart(door);
        const Input due = timer_input(Timer{.id = 99, .event = "after.shut.P1D"}, chart.input.now);

        CHECK(error_of(step(*chart.definition, chart.snapshot, due)).code == ErrorCode::not_found);
    }

    TEST_CASE("an incident changes nothing but its own mark, and is resolved by its sequence") {
        const Chart chart(door);
        const Error error = error_of(chart.try_send("spin"));
        CHECK(error.code == ErrorCode::limit_exceeded);

        const Snapshot noted =
            record_incident(chart.snapshot, chart.with_event("spin"), error).after;
        Snapshot expected = chart.snapshot;
        expected.sequence = 2;
        expected.incident =
            Incident{"microstep_limit", "One step took more than 1,000 microsteps.", "spin", 2};
        CHECK(noted == expected);

        CHECK(error_of(resolve_incident(noted, chart.input, 1)).code == ErrorCode::not_found);
        CHECK_FALSE(ok(resolve_incident(noted, chart.input, 2)).after.incident.has_value());
    }

    TEST_CASE("the timer whose step was undone waits until the incident is resolved") {
        const Chart chart(door);
        const Input due = timer_input(chart.snapshot.timers.at(0), chart.input.now);
        const Error error{.code = ErrorCode::contract_broken, .message = "It does not hold."};

        const Snapshot noted = record_incident(chart.snapshot, due, error).after;

        CHECK(noted.timers.at(0).failed);
        CHECK_FALSE(ok(resolve_incident(noted, chart.input, 2)).after.timers.at(0).failed);
    }

    TEST_CASE("what was refused has a reason for every candidate") {
        const Error error = error_of(Chart(door).try_send("nock"));

        CHECK(error.code == ErrorCode::event_refused);
        REQUIRE(error.reasons.size() == 1);
        CHECK(error.reasons[0].code == ReasonCode::state);
        CHECK(error.message == "No active state has the event \"nock\"; did you mean \"knock\"?");
    }
}
