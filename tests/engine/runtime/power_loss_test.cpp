// A request whose power fails at its n-th write, n = 1, 2, … until nothing fails.

#include "tests/engine/runtime/bench.hpp"
#include "tests/engine/store/failing_store.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::journey_bench;
using test::ok;

namespace {

const Repeat request{.scope = "acc_1|POST|/v1/x", .key = "k", .request_hash = "h", .now = {}};

/// `submit` with its two queued sends: four entries in all, and an answer.
Result<Answer> submit(Runtime& runtime) {
    return runtime.perform(request, [](Work& work) {
        const Loaded loaded = ok(work.load("ins_1"));
        const auto receipt =
            work.submit(loaded, {.event = "submit", .data = nullptr}, test::sme_at(3));
        return Answer{.status = receipt ? 200 : 503};
    });
}

/// Everything that one commit has to keep together, as one line.
std::string state_of(Bench& bench) {
    const auto view = ok(bench.open.store->read());
    const InstanceRecord record = ok(view->instance("ins_1")).value();
    return record.stage + " sequence " + std::to_string(record.sequence) + ", entries " +
           std::to_string(ok(view->entries("ins_1", 0, 100)).size()) + ", timers " +
           std::to_string(ok(view->due_timers(instant_max, 100)).rows.size()) + ", answer " +
           (ok(view->answer(request.scope, request.key)) ? "kept" : "none");
}

/// One request with a power loss; whether it struck.
bool check_loss(const test::PowerLoss& planned) {
    Bench bench = journey_bench();
    bench.start("journey");
    ok(bench.send("answer", 2, {{"score", 12}}));
    const std::string before = state_of(bench);
    test::PowerLoss loss = planned;
    bool answered = false;
    {
        test::FailingStore failing(*bench.open.store, loss);
        Runtime runtime(failing);
        const Result<Answer> answer = submit(runtime);
        answered = answer.has_value() && answer.value().status == 200;
    }
    bench.restart();
    const std::string after = state_of(bench);

    ok(submit(*bench.runtime));

    const std::string whole = state_of(bench);
    CAPTURE(planned.at);
    CAPTURE(planned.commit_is_kept);
    CHECK(before != whole);
    CHECK((after == before || after == whole));
    CHECK((!answered || after == whole));
    bench.check_replay();
    return loss.has_struck();
}

}  // namespace

TEST_SUITE("runtime/power_loss") {
    TEST_CASE("a request happened wholly or not at all, and its repeat completes it once") {
        for (const bool commit_is_kept : {false, true}) {
            std::size_t at = 1;
            while (check_loss({.at = at, .commit_is_kept = commit_is_kept})) {
                ++at;
                REQUIRE(at < 100);
            }
            // Three appends, an answer, its pruning and a commit at the least.
            CHECK(at > 6);
        }
    }
}
