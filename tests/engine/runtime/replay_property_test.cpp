// Replay gives what is stored: random events over small workflows, on every store.

#include <array>
#include <random>

#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::journey_bench;
using test::ok;

namespace {

/// Loops, raised events, histories of both kinds, cancelled and extended timers.
constexpr std::string_view tangle_yaml = R"(
workflow: tangle
version: 1
roles: { sme: { title: Company } }
context:
  n: { type: integer, default: 0 }
  seen: { type: array, default: [] }
  when: { type: string, format: date-time }
initial: left
states:
  left:
    initial: one
    on:
      a: { by: sme, target: right }
      c: { by: sme, target: left.kept }
    exit: [ { log: "leaving ${n}" } ]
    states:
      kept: { type: history, target: two }
      one:
        after: { 3 hours: two }
        on:
          b: { by: sme, target: two, actions: [ { raise: { event: inner, data: { n: "${n}" } } } ] }
      two:
        entry: [ { send: { event: later, after: 90 min, id: "l" } } ]
        on:
          b: { by: sme, target: one, actions: [ { cancel: "l" } ] }
          inner: { actions: [ { assign: { n: "${event.data.n + 10}" } } ] }
  right:
    type: parallel
    on:
      a: { by: sme, target: left.kept }
      later: { target: left }
    states:
      up:
        deadline: { within: 5 hours, remind: [1 hour], keep: true }
        on:
          b:
            by: sme
            actions: [ { extend: { state: up, by: 2 hours } }, { assign: { n: "${n + 1}" } } ]
      down:
        initial: low
        states:
          low:
            always: [ { guard: "n % 3 == 0", target: high } ]
            on: { c: { by: sme, target: high } }
          high:
            entry:
              - foreach: { in: "[1, 2]", as: item }
                do: [ { assign: { seen: "${size(seen) > 5 ? [] : seen + [item + n]}" } } ]
              - assign: { when: "${now}" }
            on: { c: { by: sme, target: low, actions: [ { assign: { n: "${n + 1}" } } ] } }
)";

constexpr std::array journey_events{"answer", "submit",   "later",     "spin", "loop",
                                    "freeze", "law.done", "sale.done", "thaw", "unknown"};
constexpr std::array tangle_events{"a", "b", "c"};

/// One instance and what happens to it.
class Walk {
  public:
    Walk(Bench& bench, std::string instance, unsigned int seed)
        : bench_(bench), instance_(std::move(instance)), random_(seed) {}

    template <class Events>
    void step(const Events& events) {
        second_ += below(7'200);
        if (below(4) == 0) {
            ok(bench_.runtime->fire_due(Instant{second_ * 1'000}, 1'000));
        } else if (below(10) == 0) {
            bench_.put(RecordKind::company, {{"headcount", below(100)}});
        } else {
            const std::string event = events[static_cast<std::size_t>(below(events.size()))];
            const boost::json::value data =
                event == "answer" ? boost::json::value{{"score", below(110)}} : nullptr;
            accepted += bench_.send(event, second_, data, instance_).has_value() ? 1U : 0U;
        }
    }

    std::size_t accepted = 0;

  private:
    std::int64_t below(std::size_t end) {
        return std::uniform_int_distribution<std::int64_t>(
            0, static_cast<std::int64_t>(end) - 1)(random_);
    }

    Bench& bench_;
    std::string instance_;
    std::mt19937 random_;
    std::int64_t second_ = 1;
};

}  // namespace

TEST_SUITE("runtime/replay_property") {
    TEST_CASE("after every random event the replayed log is the stored snapshot") {
        const unsigned int seed = std::random_device{}();
        CAPTURE(seed);
        Bench bench = journey_bench();
        bench.publish(tangle_yaml);
        bench.start("journey", "ins_1");
        bench.put(RecordKind::cohort, {{"name", "Without a workflow"}});
        bench.start("tangle", "ins_2");
        Walk journey(bench, "ins_1", seed);
        Walk tangle(bench, "ins_2", seed + 1);

        for (int count = 0; count < 60; ++count) {
            CAPTURE(count);
            journey.step(journey_events);
            tangle.step(tangle_events);
            bench.check_replay();
        }

        CHECK(journey.accepted > 0);
        CHECK(tangle.accepted > 20);
        bench.restart();
        bench.check_replay();
    }
}
