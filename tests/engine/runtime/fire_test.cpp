#include "engine/store/entry_json.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::journey_bench;
using test::ok;

namespace {

constexpr std::int64_t hour = 3'600;
constexpr std::int64_t day = 24 * hour;

Instant second(std::int64_t count) { return Instant{count * 1'000}; }

}  // namespace

TEST_SUITE("runtime/fire") {
    TEST_CASE("a due timer fires once, as the system, at its own due instant") {
        Bench bench = journey_bench();
        bench.start("journey");

        CHECK(ok(bench.runtime->fire_due(second(11 * day), 100)).fired == 0);
        bench.restart();
        const FireReport report = ok(bench.runtime->fire_due(second(12 * day), 100));

        CHECK(report.fired == 1);
        CHECK(report.next_due == second(1 + 14 * day));
        CHECK(bench.runtime->next_due().value() == report.next_due);
        const Entry entry = bench.entries()[1];
        CHECK(entry.event == "deadline.approaching.apply");
        CHECK(entry.at == second(1 + 11 * day));
        CHECK(entry.actor == system_actor());
        CHECK(ok(bench.runtime->fire_due(second(12 * day), 100)).fired == 0);
        bench.check_replay();
    }

    TEST_CASE("timers of several instances fire in order of due time, at most so many a call") {
        Bench bench = journey_bench();
        bench.start("journey", "ins_1");
        bench.start("journey", "ins_2");
        ok(bench.send("later", 5, nullptr, "ins_2"));
        ok(bench.send("later", 4, nullptr, "ins_1"));

        CHECK(ok(bench.runtime->fire_due(second(4 + hour), 100)).fired == 1);
        CHECK(bench.entries("ins_1").back().at == second(4 + hour));
        CHECK(bench.entries("ins_2").size() == 2);
        CHECK(ok(bench.runtime->fire_due(second(20 * day), 1)).fired == 1);
        CHECK(bench.entries("ins_2").back().at == second(5 + hour));
        CHECK(ok(bench.runtime->fire_due(second(20 * day), 100)).fired == 4);
        CHECK(bench.record("ins_1").overdue);
        bench.check_replay();
    }

    TEST_CASE("a timer that is started on the way fires too when it is due by then") {
        Bench bench;
        bench.publish(
            "workflow: chain\nversion: 1\ninitial: a\nstates:\n"
            "  a: { after: { 1h: b } }\n  b: { after: { 1h: c } }\n  c: { type: final }\n");
        bench.put(RecordKind::company, {});
        bench.put(RecordKind::cohort, {});
        bench.start("chain");

        const FireReport report = ok(bench.runtime->fire_due(second(1 + 2 * hour), 100));

        CHECK(report.fired == 2);
        CHECK(report.next_due == std::nullopt);
        CHECK(bench.entries()[2].at == second(1 + 2 * hour));
        CHECK(bench.record().done);
    }

    TEST_CASE("a timer that ends in an incident waits for that to be resolved") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("later", 2));  // its `spin` sends without end

        const FireReport report = ok(bench.runtime->fire_due(second(day), 100));

        CHECK(report.fired == 1);
        CHECK(report.failures.empty());
        CHECK(bench.entries().back().event == "$incident");
        CHECK(report.next_due == second(1 + 11 * day));
        const std::uint64_t sequence = bench.record().sequence;
        ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
            const Loaded loaded = ok(work.load("ins_1"));
            ok(work.resolve_incident(loaded, sequence, test::sme_at(2 * day)));
            return Answer{};
        }));
        CHECK(ok(bench.runtime->next_due()).value() < second(2 * day));
        bench.check_replay();
    }

    TEST_CASE("an instance that cannot be loaded does not keep the others waiting") {
        Bench bench = journey_bench();
        bench.start("journey", "ins_1");
        bench.start("journey", "ins_2");
        InstanceWrite damage{.instance = bench.record("ins_1")};
        damage.instance.update([](InstanceRecord& record) {
            record.sequence = 2;
            record.snapshot = "{}";
        });
        damage.entry.instance = "ins_1";
        damage.entry.sequence = 2;
        damage.body = entry_text(damage.entry);
        damage.payload = payload_text(damage.entry);
        damage.timers = {{.id = 1, .due = second(9)}, {.id = 2, .due = second(9)}};
        {
            const auto transaction = ok(bench.open.store->begin());
            ok(transaction->append(damage));
            ok(transaction->commit());
        }
        bench.runtime =
            std::make_unique<Runtime>(*bench.open.store);  // it knows the instance whole

        const FireReport report = ok(bench.runtime->fire_due(second(12 * day), 100));

        CHECK(report.fired == 1);
        REQUIRE(report.failures.size() == 1);
        CHECK(report.failures[0].instance == "ins_1");
        CHECK(report.failures[0].error.code == ErrorCode::corrupt);
        CHECK(report.next_due == second(1 + 14 * day));
        CHECK(bench.entries("ins_2").size() == 2);
    }
}
