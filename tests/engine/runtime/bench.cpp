#include "tests/engine/runtime/bench.hpp"

#include "engine/runtime/snapshot_codec.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {
namespace {

constexpr std::string_view journey = R"(
workflow: journey
version: 1
roles:
  sme: { title: Company }
  mentor: { title: Mentor }
context:
  score: { type: integer, default: 0 }
  pings: { type: integer, default: 0 }
  headcount: { type: integer, default: 0 }
initial: apply
states:
  apply:
    waiting_for: sme
    always_true: [score < 100]
    deadline: { within: 14 days, remind: [3 days], escalate: mentor }
    on:
      answer:
        by: sme
        form: { score: { type: integer, required: true } }
        actions:
          - assign: { score: "${event.data.score}", headcount: "${company.headcount}" }
      submit:
        by: sme
        guard: score >= 10
        otherwise: "The score must reach 10."
        target: tracks
        actions:
          - emit: { type: example.submitted, data: { score: "${score}" } }
          - notify: { role: mentor, text: "Score {score}" }
          - send: { event: ping }
          - send: { event: ping }
      later: { by: sme, actions: [ { send: { event: spin, after: 1 hour } } ] }
      spin: { actions: [ { send: { event: spin } } ] }
      loop: { by: sme, target: looping }
  looping: { always: { target: looping_too } }
  looping_too: { always: { target: looping } }
  tracks:
    type: parallel
    on:
      ping: { by: system, actions: [ { assign: { pings: "${pings + 1}" } } ] }
      freeze: { by: sme, target: frozen }
    onDone: graduated
    states:
      memory: { type: history, history: deep, target: law }
      law:
        initial: open
        states:
          open: { on: { law.done: { by: sme, target: done } } }
          done: { type: final }
      sale:
        initial: open
        states:
          open:
            deadline: { within: 2 days, target: late, keep: true }
            on: { sale.done: { by: sme, target: done } }
          late: { on: { sale.done: { by: sme, target: done } } }
          done: { type: final }
  frozen:
    on:
      thaw: { by: sme, target: tracks.memory }
  graduated: { type: final }
)";

}  // namespace

void Bench::restart() {
    runtime.reset();
    open.restart(open);
    runtime = std::make_unique<Runtime>(*open.store);
}

void Bench::publish(std::string_view yaml) {
    const Answer answer = ok(runtime->perform(std::nullopt, [&](Work& work) {
        std::vector<Finding> findings;
        const Result<Published> published = work.publish(yaml, "test.yaml", {}, &findings);
        for (const Finding& finding : findings) {
            MESSAGE(to_string(finding));
        }
        ok(published);
        return Answer{.status = 201};
    }));
    REQUIRE(answer.status == 201);
}

void Bench::put(RecordKind kind, boost::json::object body) {
    ok(runtime->perform(std::nullopt, [&](Work& work) {
        ok(work.put_record(Record{.kind = kind,
                                  .id = kind == RecordKind::company ? "com_1" : "coh_1",
                                  .cluster = "clu_1",
                                  .body = std::move(body)}));
        return Answer{};
    }));
}

Receipt Bench::start(const std::string& workflow, const std::string& id) {
    std::optional<Receipt> receipt;
    ok(runtime->perform(std::nullopt, [&](Work& work) {
        receipt = ok(work.start({.id = {id},
                                 .workflow = workflow,
                                 .version = {},
                                 .company = "com_1",
                                 .cohort = "coh_1"},
                                sme_at(1)));
        return Answer{.status = 201};
    }));
    return receipt.value();
}

Result<Receipt> Bench::send(const std::string& event, std::int64_t second, boost::json::value data,
                            const std::string& id) {
    std::optional<Result<Receipt>> outcome;
    ok(runtime->perform(std::nullopt, [&](Work& work) {
        const Loaded loaded = ok(work.load(id));
        outcome.emplace(
            work.submit(loaded, {.event = event, .data = std::move(data)}, sme_at(second)));
        return Answer{.status = outcome->has_value() ? 200 : 422};
    }));
    return std::move(outcome).value();
}

InstanceRecord Bench::record(const std::string& id) {
    return ok(ok(open.store->read())->instance(id)).value();
}

std::vector<Entry> Bench::entries(const std::string& id) {
    return ok(ok(open.store->read())->entries(id, 0, 10'000));
}

void Bench::check_replay() {
    const auto view = ok(open.store->read());
    for (const InstanceRecord& record : ok(view->instances({.limit = 1'000}))) {
        CAPTURE(record.id);
        const Snapshot snapshot = ok(runtime->replay(record.id));
        Reader reader(*runtime, *view);
        const DefinitionPointer definition = ok(reader.definition_of(record));
        CHECK(encode_snapshot(*definition, snapshot) == record.snapshot);
    }
}

Call sme_at(std::int64_t second) {
    return Call{.actor = {.id = "acc_1", .roles = {"sme"}}, .now = Instant{second * 1'000}};
}

Bench journey_bench() {
    Bench bench;
    bench.publish(journey_yaml());
    bench.put(RecordKind::company, {{"name", "Maison"}, {"headcount", 18}});
    bench.put(RecordKind::cohort, {{"name", "Spring"}, {"workflow", "journey"}, {"version", 1}});
    return bench;
}

std::string_view journey_yaml() { return journey; }

}  // namespace sillage::test
