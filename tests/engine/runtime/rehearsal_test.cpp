#include "engine/runtime/rehearsal.hpp"

#include "engine/calendar/calendar.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::definition_of;
using test::ok;

namespace {

constexpr auto clock_yaml = R"(
workflow: clock
version: 1
roles: { sme: {}, mentor: {} }
initial: a
states:
  a: { after: { 1 day: a }, on: { at_once: b, stop: c } }
  b: { after: { PT0S: b } }
  c: {}
)";

RehearsalSetup at(Instant now) { return {.now = now}; }

}  // namespace

TEST_SUITE("runtime/rehearsal") {
    TEST_CASE("timers started on the way fire too, each at its own due instant") {
        const auto definition = definition_of(clock_yaml);
        Rehearsal rehearsal(*definition, at(Instant{0}));
        CHECK_FALSE(rehearsal.start().error.has_value());

        const Performance days = rehearsal.advance(ok(parse_duration("3 days")));

        REQUIRE(days.happenings.size() == 3);
        CHECK(days.happenings[1].at == Instant{2 * 86'400'000});
        CHECK(rehearsal.now() == Instant{3 * 86'400'000});
    }

    TEST_CASE("a timer that starts itself anew without delay ends at a limit") {
        const auto definition = definition_of(clock_yaml);
        Rehearsal rehearsal(*definition, at(Instant{0}));
        CHECK_FALSE(rehearsal.start().error.has_value());

        const Performance endless =
            rehearsal.send({.name = "at_once"}, rehearsed_actor(*definition, {}, {}));

        CHECK(endless.happenings.size() == 1 + rehearsed_timers_max);
        REQUIRE(endless.error.has_value());
        CHECK(endless.error->where == "timer_limit");
    }

    TEST_CASE("without roles everybody acts, but not the engine") {
        const auto definition = definition_of(clock_yaml);

        CHECK(rehearsed_actor(*definition, {}, {}) ==
              Actor{.id = "user", .roles = {"sme", "mentor"}});
        CHECK(rehearsed_actor(*definition, {"sme"}, "u1") == Actor{.id = "u1", .roles = {"sme"}});
        CHECK(rehearsed_actor(*definition, {"system"}, "u1") == system_actor());
    }

    TEST_CASE("the clock does not pass the year 9999") {
        const auto definition = definition_of(clock_yaml);
        Rehearsal rehearsal(*definition, at(instant_max));
        CHECK_FALSE(rehearsal.start().happenings.empty());

        const Performance far = rehearsal.advance(ok(parse_duration("1 year")));

        REQUIRE(far.error.has_value());
        CHECK(far.error->code == ErrorCode::invalid_argument);
    }
}
