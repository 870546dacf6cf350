#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::journey_bench;
using test::ok;
using test::sme_at;

namespace {

/// Starts with changes to what Bench::start gives; the error.
Error start_error(Bench& bench, const StartCommand& command) {
    std::optional<Error> error;
    ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
        error = error_of(work.start(command, sme_at(1)));
        return Answer{.status = 409};
    }));
    return error.value();
}

}  // namespace

TEST_SUITE("runtime/work") {
    TEST_CASE("a start writes the instance, its columns, its timers and its first entry") {
        Bench bench = journey_bench();

        const Receipt receipt = bench.start("journey");
        bench.restart();

        const InstanceRecord record = bench.record();
        CHECK(record == *receipt.after.record);
        CHECK(record.sequence == 1);
        CHECK(record.stage == "apply");
        CHECK(record.states == std::vector<std::string>{"apply"});
        CHECK(record.waiting_for == std::vector<std::string>{"sme"});
        CHECK(record.cluster == "clu_1");
        CHECK(record.next_deadline == Instant{1'000 + 14 * 86'400'000LL});
        const std::vector<Entry> entries = bench.entries();
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].event == "$start");
        CHECK(entries[0].actor.id == "acc_1");
        CHECK(entries[0].from.empty());
        CHECK(entries[0].to == record.states);
        CHECK(entries[0].hash == record.head);
        CHECK(ok(ok(bench.open.store->read())->due_timers(instant_max, 10)).rows.size() == 2);
    }

    TEST_CASE("a start is refused for what does not exist or is taken") {
        Bench bench = journey_bench();
        const StartCommand good{.id = {"ins_1"},
                                .workflow = "journey",
                                .version = {},
                                .company = "com_1",
                                .cohort = "coh_1"};
        const auto with = [&](auto change) {
            StartCommand command = good;
            change(command);
            return start_error(bench, command).code;
        };

        CHECK(with([](auto& c) { c.workflow = "other"; }) == ErrorCode::invalid_argument);
        CHECK(with([](auto& c) { c.workflow = "other", c.cohort = ""; }) == ErrorCode::not_found);
        CHECK(with([](auto& c) { c.version = 2; }) == ErrorCode::not_found);
        CHECK(with([](auto& c) { c.company = "com_9"; }) == ErrorCode::not_found);
        CHECK(with([](auto& c) { c.cohort = "coh_9"; }) == ErrorCode::not_found);
        CHECK(with([](auto& c) { c.context = {{"scores", 1}}; }) == ErrorCode::invalid_argument);
        bench.start("journey");
        CHECK(with([](auto&) {}) == ErrorCode::conflict);
    }

    TEST_CASE("a key is one instance's, and the conflict names it") {
        Bench bench = journey_bench();
        const StartCommand first{.id = {"ins_1"}, .workflow = "journey", .version = {}, .key = "k"};
        ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
            ok(work.start(first, sme_at(1)));
            return Answer{};
        }));
        StartCommand second = first;
        second.id = {"ins_2"};

        const Error error = start_error(bench, second);

        CHECK(error.code == ErrorCode::conflict);
        CHECK(error.message == "The key \"k\" is taken by ins_1.");
    }

    TEST_CASE("an event reads the newest records, and its entry names their revisions") {
        Bench bench = journey_bench();
        bench.start("journey");
        bench.put(RecordKind::company, {{"name", "Maison"}, {"headcount", 19}});

        const Receipt receipt = ok(bench.send("answer", 2, {{"score", 12}}));

        CHECK(receipt.after.snapshot.context.at(2) == 19);
        CHECK(bench.entries()[0].company_revision == 1);
        CHECK(bench.entries()[1].company_revision == 2);
        CHECK(bench.entries()[1].cohort_revision == 1);
        CHECK(bench.entries()[1].previous_hash == bench.entries()[0].hash);
        bench.check_replay();
    }

    TEST_CASE("sends run as further steps of the same transaction, before the answer") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("answer", 2, {{"score", 12}}));

        const Receipt receipt = ok(bench.send("submit", 3));

        CHECK(receipt.after.snapshot.sequence == 5);
        CHECK(receipt.after.snapshot.context.at(1) == 2);
        CHECK(receipt.taken.size() == 3);
        const std::vector<Entry> entries = bench.entries();
        CHECK(entries[3].event == "ping");
        CHECK(entries[3].origin == EventOrigin::queue);
        CHECK(entries[3].actor == system_actor());
        bench.check_replay();
    }

    TEST_CASE("a refused event, a stale one and a dry run leave nothing") {
        Bench bench = journey_bench();
        bench.start("journey");
        const InstanceRecord before = bench.record();

        CHECK(error_of(bench.send("submit", 2)).code == ErrorCode::event_refused);
        ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
            const Loaded loaded = ok(work.load("ins_1"));
            const SubmitCommand stale{
                .event = "answer", .data = {{"score", 12}}, .expected_sequence = 7};
            CHECK(error_of(work.submit(loaded, stale, sme_at(2))).code == ErrorCode::stale);
            const SubmitCommand good{
                .event = "answer", .data = {{"score", 12}}, .expected_sequence = 1};
            CHECK(ok(work.try_submit(loaded, good, sme_at(2))).after.record->sequence == 2);
            return Answer{};
        }));

        CHECK(bench.record() == before);
        CHECK(bench.entries().size() == 1);
    }

    TEST_CASE("an instance's time does not run backwards") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("answer", 50, {{"score", 12}}));

        ok(bench.send("answer", 20, {{"score", 13}}));

        CHECK(bench.entries()[2].at == Instant{50'000});
    }
}

TEST_SUITE("runtime/incidents") {
    TEST_CASE("a broken contract undoes the step and leaves an incident entry") {
        Bench bench = journey_bench();
        bench.start("journey");

        CHECK(error_of(bench.send("answer", 2, {{"score", 100}})).code ==
              ErrorCode::contract_broken);

        const std::vector<Entry> entries = bench.entries();
        REQUIRE(entries.size() == 2);
        CHECK(entries[1].event == "$incident");
        CHECK(entries[1].data.at("code") == "contract_broken");
        CHECK(entries[1].data.at("event") == "answer");
        CHECK(entries[1].from == entries[1].to);
        bench.check_replay();
        ok(bench.send("answer", 3, {{"score", 12}}));
        bench.check_replay();
    }

    TEST_CASE("an endless loop and endless sends each end in an incident, wholly undone") {
        Bench bench = journey_bench();
        bench.start("journey");

        CHECK(error_of(bench.send("loop", 2)).code == ErrorCode::limit_exceeded);
        CHECK(bench.entries()[1].data.at("code") == "microstep_limit");
        CHECK(error_of(bench.send("spin", 3)).code == ErrorCode::limit_exceeded);

        const std::vector<Entry> entries = bench.entries();
        REQUIRE(entries.size() == 3);
        CHECK(entries[2].data.at("code") == "send_limit");
        CHECK(bench.record().stage == "apply");
        bench.check_replay();
    }

    TEST_CASE("a resolved incident is gone from the snapshot and told in the log") {
        Bench bench = journey_bench();
        bench.start("journey");
        CHECK(error_of(bench.send("loop", 2)).code == ErrorCode::limit_exceeded);
        const auto resolve = [&](std::uint64_t sequence) {
            std::optional<ErrorCode> code;
            ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
                const Loaded loaded = ok(work.load("ins_1"));
                const auto resolved = work.resolve_incident(loaded, sequence, sme_at(9));
                code = resolved ? std::nullopt : std::optional(resolved.error().code);
                return Answer{};
            }));
            return code;
        };

        CHECK(resolve(1) == ErrorCode::not_found);
        CHECK(resolve(2) == std::nullopt);

        CHECK(bench.entries()[2].event == "$resolve");
        CHECK(ok(bench.runtime->replay("ins_1")).incident == std::nullopt);
        bench.check_replay();
    }
}
