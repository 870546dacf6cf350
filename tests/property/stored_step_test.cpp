// The straight run, by bare steps, against the same run through the store: loaded before every step
// and in the end replayed from the log. On every backend; a disk gets fewer charts.
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "tests/engine/store/fixture.hpp"
#include "tests/property/random_chart.hpp"
#include "tests/property/random_input.hpp"
#include "tests/property/straight_run.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Dice;
using test::ok;

namespace {

/// Events and pauses of a chart. Chosen: most charts have shown all their states by then.
constexpr int command_count = 15;
/// Of how many charts one is tried on a disk, where every step waits for it.
constexpr std::uint64_t charts_per_slow_one = 50;
/// More timers than these an instance does not fire at once, unless it starts them for ever.
constexpr std::size_t fired_max = 1'000;
constexpr Instant begin{1'800'000'000'000};

const InstanceId instance{"ins_1"};

/// The two runs of one chart.
class Pair {
  public:
    explicit Pair(const boost::json::object& chart)
        : definition_(publish(chart)), straight_(definition_, begin) {}

    /// False when it does not start: in both or in none.
    bool start(const Actor& actor) {
        const bool is_started = straight_.start(actor);
        const auto stored = commit([&](Work& work) {
            return work.start({.id = instance, .workflow = "random"},
                              {.actor = actor, .now = begin});
        });
        CHECK(stored.has_value() == is_started);
        return stored.has_value() && is_started;
    }

    void send(const std::string& event, const boost::json::value& data, const Actor& actor) {
        CAPTURE(event);
        const auto stored = commit([&](Work& work) -> Result<Receipt> {
            SILLAGE_TRY(const Loaded loaded, work.load(instance.value));
            return work.submit(loaded, {.event = event, .data = data},
                               {.actor = actor, .now = straight_.now()});
        });
        const bool is_kept = stored.has_value() || stored.error().code != ErrorCode::event_refused;
        CHECK(straight_.send(event, data, actor) == is_kept);
        fire_due();
    }

    void advance(Duration by) {
        straight_.advance(by);
        fire_due();
    }

    /// The log gives every step of the straight run again.
    void check_replay() {
        std::size_t compared = 0;
        const auto compare = [&](const Entry& entry, const Step& step) {
            const auto straight = straight_.steps().find(entry.sequence);
            if (straight != straight_.steps().end()) {  // an incident's record is no step there
                CAPTURE(entry.sequence);
                CHECK(step == straight->second);
                ++compared;
            }
        };
        CHECK(ok(runtime_.replay(instance.value, 0, compare)) == straight_.snapshot());
        CHECK(compared == step_count());
    }

    [[nodiscard]] std::size_t step_count() const { return straight_.steps().size(); }

  private:
    std::shared_ptr<const Definition> publish(const boost::json::object& chart) {
        return ok(commit([&](Work& work) {
                   return work.publish(test::chart_text(chart), "random.yaml", begin);
               }))
            .definition;
    }

    /// Commits whatever the work gives, also an incident that it answers with an error.
    template <class F>
    auto commit(F work) -> decltype(work(std::declval<Work&>())) {
        auto transaction = ok(open_.store->begin());
        Work writer(runtime_, *transaction);
        auto outcome = work(writer);
        ok(transaction->commit());
        return outcome;
    }

    void fire_due() {
        const FireReport report = ok(runtime_.fire_due(straight_.now(), fired_max));
        CHECK(report.failures.empty());
        const Loaded loaded = ok(runtime_.read(
            [](Reader& reader) -> Result<Loaded> { return reader.load(instance.value); }));
        CHECK(encode_snapshot(*definition_, loaded.snapshot) ==
              encode_snapshot(*definition_, straight_.snapshot()));
        CHECK(loaded.snapshot == straight_.snapshot());
        CHECK(test::is_legal(*definition_, loaded.snapshot));
    }

    test::OpenStore open_ = test::fresh_store();
    Runtime runtime_{*open_.store};
    std::shared_ptr<const Definition> definition_;
    test::StraightRun straight_;
};

/// Gives how many steps were taken.
std::size_t walk(Dice& dice) {
    const boost::json::object chart = test::random_chart(dice);
    const Actor starter = test::random_actor(dice);
    Pair pair(chart);
    if (!pair.start(starter)) {
        return 0;
    }
    const auto names = test::random_event_names();
    for (int i = 0; i < command_count; ++i) {
        if (dice.chance(1, 5)) {
            pair.advance(Duration{static_cast<std::int64_t>(dice.roll(3)) * 1'800'000});
        } else {
            const std::string event = names[dice.roll(names.size())];
            const boost::json::value data = test::random_data(dice);
            pair.send(event, data, test::random_actor(dice));
        }
    }
    pair.check_replay();
    return pair.step_count();
}

}  // namespace

TEST_SUITE("property/stored_step") {
    TEST_CASE("a run that is stored and loaded, or replayed, is the straight run") {
        const test::Seeds seeds = test::property_seeds();
        const std::uint64_t stride = test::fresh_store().is_slow ? charts_per_slow_one : 1;
        std::size_t chart_count = 0;
        std::size_t step_count = 0;
        for (std::uint64_t seed = seeds.first; seed <= seeds.last; seed += stride) {
            CAPTURE(seed);
            Dice dice(seed);
            step_count += walk(dice);
            ++chart_count;
        }
        CHECK(step_count > chart_count);
    }
}
