#include "engine/base/hash.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/store/entry_json.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::journey_bench;
using test::ok;

namespace {

void seal_again(InstanceWrite& write) {
    write.payload = payload_text(write.entry);
    seal(write);
}

/// Appends a third entry: `answer` as it would be, after `change`. What replay says of it.
template <class Change>
std::string told_after(Change change) {
    Bench bench = journey_bench();
    bench.start("journey");
    ok(bench.send("answer", 2, {{"score", 12}}));
    std::vector<InstanceWrite> writes;
    ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
        ok(work.submit(ok(work.load("ins_1")), {.event = "answer", .data = {{"score", 13}}},
                       test::sme_at(3)));
        InstanceWrite write{.instance = ok(work.view().instance("ins_1")).value(),
                            .entry = ok(work.view().entries("ins_1", 2, 1)).front()};
        writes.push_back(std::move(write));
        return Answer{.status = 400};
    }));
    InstanceWrite& write = writes.front();
    change(write);
    write.instance.update([&](InstanceRecord& record) { record.head = write.entry.hash; });
    write.body = entry_text(write.entry);
    write.payload = payload_text(write.entry);
    const auto transaction = ok(bench.open.store->begin());
    ok(transaction->append(write));
    ok(transaction->commit());
    const Result<Snapshot> replayed = bench.runtime->replay("ins_1");
    return replayed ? "as stored" : replayed.error().message;
}

}  // namespace

TEST_SUITE("runtime/replay") {
    TEST_CASE("the log can be folded up to any entry") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("answer", 2, {{"score", 12}}));
        ok(bench.send("answer", 3, {{"score", 13}}));

        CHECK(ok(bench.runtime->replay("ins_1", 1)).context.front() == 0);
        CHECK(ok(bench.runtime->replay("ins_1", 2)).context.front() == 12);
        CHECK(ok(bench.runtime->replay("ins_1")).context.front() == 13);
        CHECK(error_of(bench.runtime->replay("ins_1", 4)).code == ErrorCode::corrupt);
        CHECK(error_of(bench.runtime->replay("ins_9")).code == ErrorCode::not_found);
    }

    TEST_CASE("a witness is shown every entry with the step that it gives") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("answer", 2, {{"score", 12}}));
        std::vector<std::string> events;
        Step last;

        const Snapshot replayed =
            ok(bench.runtime->replay("ins_1", 0, [&](const Entry& entry, const Step& step) {
                events.push_back(entry.event);
                last = step;
            }));

        CHECK(events == std::vector<std::string>{"$start", "answer"});
        CHECK(last.after == replayed);
        CHECK_FALSE(last.trace.empty());
    }

    TEST_CASE("whatever was changed in a log is named with its entry") {
        CHECK(told_after([](InstanceWrite&) {}) == "as stored");
        CHECK(told_after([](InstanceWrite& write) {
                  write.entry.data = {{"score", 14}};
              }) == "Entry 3 of ins_1 does not have the hash of its content.");
        CHECK(told_after([](InstanceWrite& write) {
                  write.entry.data = {{"score", 14}};
                  seal_again(write);
              }) ==
              "Entry 3 of ins_1 gives another snapshot on replay than the one that was stored.");
        CHECK(told_after([](InstanceWrite& write) {
                  write.entry.previous_hash = sha256_hex("");
                  seal_again(write);
              }) == "Entry 3 of ins_1 does not follow the one before it.");
        CHECK(told_after([](InstanceWrite& write) {
                  write.entry.definition_hash = "sha256:other";
                  seal_again(write);
              }) == "Entry 3 of ins_1 was decided by another definition.");
        CHECK(told_after([](InstanceWrite& write) {
                  write.entry.event = "thaw";
                  write.entry.data = nullptr;
                  seal_again(write);
              }).starts_with("Entry 3 of ins_1 is refused on replay: "));
    }

    TEST_CASE("a snapshot that is not what the log gives is told") {
        const std::string told = told_after([](InstanceWrite& write) {
            std::string text = write.instance->snapshot;
            text.replace(text.find("\"score\":13"), 10, "\"score\":14");
            write.instance.update([&](InstanceRecord& record) { record.snapshot = text; });
        });

        CHECK(told == "ins_1 is not stored as its log tells.");
    }
}
