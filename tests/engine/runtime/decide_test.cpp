#include "engine/runtime/decide.hpp"

#include "engine/store/entry_json.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::ok;

namespace {

constexpr std::string_view growing_yaml = R"(
workflow: growing
version: 1
roles: { sme: { title: Company } }
context:
  text: { type: string, default: "" }
  nested: { type: array, default: [] }
initial: a
states:
  a:
    on:
      add:
        by: sme
        form: { text: { type: string, required: true } }
        actions: [ { assign: { text: "${text + event.data.text}" } } ]
      wrap: { by: [sme, system], actions: [ { assign: { nested: "${[nested]}" } } ] }
      chain: { by: sme, actions: [ { send: { event: broken } }, { send: { event: wrap } } ] }
      broken: { by: system, target: breaking }
  breaking:
    always_true: [text == "never"]
)";

Bench growing_bench() {
    Bench bench;
    bench.publish(growing_yaml);
    bench.put(RecordKind::company, {});
    bench.put(RecordKind::cohort, {});
    bench.start("growing");
    return bench;
}

}  // namespace

TEST_SUITE("runtime/decide") {
    TEST_CASE("an instance that would grow past its limit is told so and stays as it was") {
        Bench bench = growing_bench();
        const boost::json::value half{{"text", std::string(600'000, 'x')}};

        ok(bench.send("add", 2, half));
        const Error error = error_of(bench.send("add", 3, half));

        CHECK(error.code == ErrorCode::limit_exceeded);
        CHECK(bench.entries().back().event == "$incident");
        CHECK(bench.entries().back().data.at("code") == "size_limit");
        CHECK(bench.record().snapshot.size() < 700'000);
        bench.check_replay();
    }

    TEST_CASE("a value that is wrapped with every event can always be read back") {
        Bench bench = growing_bench();

        for (std::size_t wraps = 0; wraps < 2 * stored_depth_max; ++wraps) {
            ok(bench.send("wrap", 2));
        }

        bench.restart();
        bench.check_replay();
    }

    TEST_CASE("a send that breaks a contract is undone alone, and the next one runs") {
        Bench bench = growing_bench();

        const Receipt receipt = ok(bench.send("chain", 2));

        std::string events;
        for (const Entry& entry : bench.entries()) {
            events += entry.event + " ";
        }
        CHECK(events == "$start chain $incident wrap ");
        CHECK(receipt.after.record->stage == "a");
        REQUIRE(receipt.after.snapshot.incident.has_value());
        CHECK(receipt.after.snapshot.incident->sequence == 3);
        CHECK(receipt.after.snapshot.queue.empty());
        bench.check_replay();
    }

    TEST_CASE("the key of a request stands in the first entry of what it caused") {
        Bench bench = growing_bench();
        ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
            Call call = test::sme_at(2);
            call.idempotency_key = "k-1";
            const Loaded loaded = ok(work.load("ins_1"));
            ok(work.submit(loaded, {.event = "chain", .data = nullptr}, call));
            return Answer{};
        }));

        CHECK(bench.entries()[1].idempotency_key == "k-1");
        CHECK(bench.entries()[2].idempotency_key == "");
    }
}
