// What a log tells the world (engine/outbox), of entries as a store has them.

#include "engine/outbox/message.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::journey_bench;
using test::ok;

namespace {

constexpr std::int64_t day = 24 * 3'600;

/// Of each entry of `ins_1`, read after a restart.
std::vector<std::vector<Message>> told(Bench& bench) {
    bench.restart();
    const InstanceRecord record = bench.record();
    const DefinitionPointer definition =
        ok(bench.runtime->read([&](Reader& reader) { return reader.definition_of(record); }));
    std::vector<std::vector<Message>> messages;
    for (const Entry& entry : bench.entries()) {
        messages.push_back(messages_of(*definition, birth_of(record), entry));
    }
    return messages;
}

/// Types without what they have in common; a line each entry.
std::string types_of(const std::vector<std::vector<Message>>& told) {
    std::string types;
    for (const auto& messages : told) {
        for (const Message& message : messages) {
            const bool is_own = message.type.starts_with("sillage.instance.");
            types += (is_own ? message.type.substr(17) : message.type) + " ";
        }
        types += "| ";
    }
    return types;
}

}  // namespace

TEST_SUITE("runtime/messages") {
    TEST_CASE("entries tell of start, transitions, stages, what is emitted, and the end") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("answer", 2, {{"score", 12}}));
        ok(bench.send("submit", 3));
        ok(bench.send("law.done", 4));
        ok(bench.send("sale.done", 5));

        const auto messages = told(bench);

        CHECK(types_of(messages) ==
              "started | transition | "
              "transition example.submitted sillage.notification stage_changed | "
              "transition | transition | transition | transition stage_changed finished | ");
        CHECK(messages[0][0].payload.at("stage") == "apply");
        CHECK(messages[2][1].payload.at("data").at("score") == 12);
        CHECK(messages[2][2].payload.at("role") == "mentor");
        CHECK(messages[2][2].payload.at("text").at("und") == "Score 12");
        CHECK(messages[2][3].payload.at("from") == "apply");
        CHECK(messages[2][3].payload.at("to") == "tracks");
        CHECK(messages[6][2].payload.at("stage") == "graduated");
        CHECK(messages[6][2].payload.at("company") == "com_1");
    }

    TEST_CASE("entries of timers tell of deadlines, and whom they escalate to") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.runtime->fire_due(Instant{20 * day * 1'000}, 10));

        const auto messages = told(bench);

        CHECK(types_of(messages) ==
              "started | deadline_approaching | deadline_expired sillage.notification | ");
        CHECK(messages[1][0].payload.at("state") == "apply");
    }

    TEST_CASE("an entry of what was undone tells of the incident") {
        Bench bench = journey_bench();
        bench.start("journey");
        ok(bench.send("later", 2));  // its `spin` sends without end
        ok(bench.runtime->fire_due(Instant{day * 1'000}, 10));

        const auto messages = told(bench);

        CHECK(types_of(messages) == "started | transition | incident | ");
        CHECK(messages[2][0].payload.at("event") == "spin");
        CHECK_FALSE(messages[2][0].payload.at("code").get_string().empty());
    }
}
