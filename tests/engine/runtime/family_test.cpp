// Parents and children over a store: what one request makes of a family commits together.

#include "engine/runtime/family.hpp"

#include "tests/engine/runtime/bench.hpp"
#include "tests/engine/store/failing_store.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::ok;

namespace {

constexpr std::string_view parent_yaml = R"(
workflow: journey
version: 1
roles: { sme: {} }
context:
  markets: { type: array, items: { type: string }, default: [US, JP] }
  filed: { type: integer, default: 0 }
  results: { type: array }
initial: tracks
states:
  tracks:
    invoke:
      workflow: track
      each: { in: "${markets}", as: market }
      input: { market: "${market}", staff: "${company.headcount}" }
      onDone: { target: graduated, actions: [ { assign: { results: "${event.data}" } } ] }
    on:
      track.filed: { actions: [ { assign: { filed: "${filed + 1}" } } ] }
      leave: left
      count: { actions: [ { send: { event: bump, to: tracks } } ] }
  left: { on: { back: tracks } }
  graduated: { type: final }
)";

constexpr std::string_view child_yaml = R"(
workflow: track
version: 1
roles: { sme: {} }
context:
  market: { type: string, default: none }
  staff: { type: integer, default: 0 }
  bumps: { type: integer, default: 0 }
initial: open
states:
  open:
    always_true: [bumps < 2]
    deadline: { within: 10 days, target: late }
    on:
      file: { by: sme, target: filed }
      bump: { actions: [ { assign: { bumps: "${bumps + 1}" } } ] }
  filed:
    entry: [ { send: { event: track.filed, to: parent } }, { emit: { type: example.filed } } ]
    type: final
    output: "${market}"
  late: { type: final, output: late }
)";

Bench family_bench() {
    Bench bench;
    bench.publish(child_yaml);
    bench.publish(parent_yaml);
    bench.put(RecordKind::company, {{"name", "Maison"}, {"headcount", 18}});
    bench.put(RecordKind::cohort, {{"name", "Spring"}, {"workflow", "journey"}, {"version", 1}});
    return bench;
}

/// Ids of the children of `ins_1`, in order of serial.
std::vector<std::string> children_of(Bench& bench) {
    std::vector<InstanceRecord> records =
        ok(ok(bench.open.store->read())->instances({.parent = "ins_1"}));
    std::ranges::sort(records, {}, [](const auto& one) { return one.parent->serial; });
    std::vector<std::string> ids;
    for (const InstanceRecord& record : records) {
        ids.push_back(record.id);
    }
    return ids;
}

/// All that one commit has to keep together, as one line.
std::string state_of(Bench& bench) {
    const auto view = ok(bench.open.store->read());
    std::string text;
    for (const InstanceRecord& record : ok(view->instances({}))) {
        text += record.stage + "@" + std::to_string(record.sequence) + " entries " +
                std::to_string(ok(view->entries(record.id, 0, 100)).size()) + ", ";
    }
    return text + "timers " + std::to_string(ok(view->due_timers(instant_max, 100)).rows.size());
}

/// The last child files: its send, its end and the parent's end, with the power lost on the way.
bool check_loss(const test::PowerLoss& planned) {
    Bench bench = family_bench();
    bench.start("journey");
    const std::vector<std::string> children = children_of(bench);
    ok(bench.send("file", 2, nullptr, children[0]));
    const std::string before = state_of(bench);
    test::PowerLoss loss = planned;
    {
        test::FailingStore failing(*bench.open.store, loss);
        Runtime runtime(failing);
        (void)runtime.perform(std::nullopt, [&](Work& work) {
            const Loaded loaded = ok(work.load(children[1]));
            const auto receipt = work.submit(loaded, {.event = "file"}, test::sme_at(3));
            return Answer{.status = receipt ? 200 : 503};
        });
    }
    bench.restart();
    const std::string after = state_of(bench);
    if (after == before) {
        ok(bench.send("file", 3, nullptr, children[1]));
    }
    CAPTURE(planned.at);
    CHECK((after == before || after == state_of(bench)));
    CHECK(bench.record().stage == "graduated");
    bench.check_replay();
    return loss.has_struck();
}

}  // namespace

TEST_SUITE("runtime/family") {
    TEST_CASE("an invoke starts instances of their own, which know their parent") {
        Bench bench = family_bench();

        bench.start("journey");

        const std::vector<std::string> children = children_of(bench);
        REQUIRE(children.size() == 2);
        const InstanceRecord child = bench.record(children[1]);
        CHECK(child.id == child_id("ins_1", 2, Instant{1'000}));
        CHECK(child.id.size() == std::string("ins_").size() + 26);
        CHECK(child.parent ==
              ParentLink{.instance = "ins_1", .invoke_id = "tracks.1", .serial = 2});
        CHECK(child.ancestors == std::vector<std::string>{"ins_1"});
        CHECK(child.workflow == "track");
        CHECK(child.company == "com_1");
        CHECK(child.cohort == "coh_1");
        CHECK(child.cluster == "clu_1");
        CHECK(child.snapshot.find(R"("market":"JP")") != std::string::npos);
        CHECK(child.snapshot.find(R"("staff":18)") != std::string::npos);
        CHECK(bench.entries(children[1]).front().event == "$start");
        CHECK(bench.entries(children[1]).front().sender == "ins_1");
        CHECK(bench.entries().size() == 1);
        bench.check_replay();
    }

    TEST_CASE("what a child does is told to its parent in the same commit") {
        Bench bench = family_bench();
        bench.start("journey");
        const std::vector<std::string> children = children_of(bench);

        const Receipt receipt = ok(bench.send("file", 2, nullptr, children[0]));

        CHECK(receipt.after.record->id == children[0]);
        CHECK(receipt.taken.size() == 1);
        const std::vector<Entry> told = bench.entries();
        REQUIRE(told.size() == 3);
        CHECK(told[1].event == "track.filed");
        CHECK(told[1].origin == EventOrigin::child);
        CHECK(told[1].sender == children[0]);
        CHECK(told[1].child == 1);
        CHECK(told[2].event == "done.invoke.tracks.0");
        CHECK(told[2].sender.empty());
        CHECK(told[2].actor == system_actor());
        ok(bench.send("file", 3, nullptr, children[1]));
        CHECK(bench.record().stage == "graduated");
        CHECK(bench.record().snapshot.find(R"(["US","JP"])") != std::string::npos);
        bench.check_replay();
    }

    TEST_CASE("a family's request happened wholly or not at all") {
        for (const bool commit_is_kept : {false, true}) {
            std::size_t at = 1;
            while (check_loss({.at = at, .commit_is_kept = commit_is_kept})) {
                ++at;
                REQUIRE(at < 100);
            }
            // The child's step, two of its parent and a commit at the least.
            CHECK(at > 4);
        }
    }

    TEST_CASE("a child's timer fires as any, and its parent hears of it in the same transaction") {
        Bench bench = family_bench();
        bench.start("journey");

        const FireReport report = ok(bench.runtime->fire_due(Instant{20 * 86'400'000LL}, 10));

        CHECK(report.fired == 2);
        CHECK(report.failures.empty());
        CHECK(bench.record().stage == "graduated");
        CHECK(bench.record().updated_at == Instant{1'000 + 10 * 86'400'000LL});
        bench.check_replay();
    }

    TEST_CASE("leaving the state ends its children, and a return starts others") {
        Bench bench = family_bench();
        bench.start("journey");
        const std::vector<std::string> children = children_of(bench);

        ok(bench.send("leave", 2));

        CHECK(bench.record(children[0]).done);
        CHECK(bench.entries(children[0]).back().event == "$cancel");
        CHECK(ok(ok(bench.open.store->read())->due_timers(instant_max, 10)).rows.empty());
        CHECK(bench.entries().size() == 2);
        CHECK(error_of(bench.send("file", 3, nullptr, children[0])).code ==
              ErrorCode::event_refused);
        ok(bench.send("back", 4));
        CHECK(children_of(bench).size() == 4);
        bench.check_replay();
    }

    TEST_CASE("an incident in a child is the child's own") {
        Bench bench = family_bench();
        bench.start("journey");
        ok(bench.send("count", 2));

        ok(bench.send("count", 3));

        const std::vector<std::string> children = children_of(bench);
        CHECK(bench.entries(children[0]).back().event == "$incident");
        CHECK(bench.entries().back().event == "count");
        CHECK(bench.entries().size() == 3);
        bench.check_replay();
    }

    TEST_CASE("a dry run starts no children and tells nobody") {
        Bench bench = family_bench();
        bench.start("journey");
        const std::vector<std::string> children = children_of(bench);

        const Receipt receipt = ok(bench.runtime->read([&](Reader& reader) -> Result<Receipt> {
            const Loaded loaded = ok(reader.load(children[0]));
            return reader.try_submit(loaded, {.event = "file"}, test::sme_at(2));
        }));

        CHECK(receipt.after.snapshot.done);
        CHECK(bench.entries().size() == 1);
        CHECK_FALSE(bench.record(children[0]).done);
    }
}
