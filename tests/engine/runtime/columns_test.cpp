#include "engine/runtime/columns.hpp"

#include "engine/interpreter/step.hpp"
#include "engine/yaml/read.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

std::shared_ptr<const Definition> journey() {
    return read_definition(test::journey_yaml(), "journey.yaml").definition;
}

Input event(const char* name, boost::json::value data, std::int64_t second) {
    return Input{.event = {.name = name, .data = std::move(data)},
                 .actor = {.id = "acc_1", .roles = {"sme"}},
                 .now = Instant{second * 1'000},
                 .company = boost::json::object{{"headcount", 18}}};
}

/// The journey in its parallel part.
Snapshot in_tracks(const Definition& definition) {
    const Snapshot first = ok(start(definition, event("$start", nullptr, 1))).after;
    const Snapshot scored = ok(step(definition, first, event("answer", {{"score", 50}}, 2))).after;
    return ok(step(definition, scored, event("submit", nullptr, 3))).after;
}

}  // namespace

TEST_SUITE("runtime/columns") {
    TEST_CASE("columns say where the instance stands") {
        const auto definition = journey();
        const Snapshot snapshot = in_tracks(*definition);
        InstanceRecord record{.states = {"old"}, .waiting_for = {"old"}};

        set_columns(record, *definition, snapshot);

        CHECK(record.sequence == snapshot.sequence);
        CHECK(record.stage == "tracks");
        CHECK(record.states == std::vector<std::string>{"tracks", "tracks.law", "tracks.law.open",
                                                        "tracks.sale", "tracks.sale.open"});
        CHECK(record.waiting_for.empty());
        CHECK(record.next_deadline == Instant{3'000 + 2 * 86'400'000LL});
        CHECK(!record.overdue);
        CHECK(!record.done);
        CHECK(record.updated_at == Instant{3'000});
        CHECK(leaves_of(*definition, snapshot) ==
              std::vector<std::string>{"tracks.law.open", "tracks.sale.open"});
    }

    TEST_CASE("an instance that ended stands in its final state") {
        const auto definition = journey();
        Snapshot snapshot = in_tracks(*definition);
        snapshot.queue.clear();
        snapshot = ok(step(*definition, snapshot, event("law.done", nullptr, 4))).after;
        snapshot = ok(step(*definition, snapshot, event("sale.done", nullptr, 5))).after;
        InstanceRecord record;

        set_columns(record, *definition, snapshot);

        CHECK(record.done);
        CHECK(record.stage == "graduated");
        CHECK(record.states == std::vector<std::string>{"graduated"});
        CHECK(record.next_deadline == std::nullopt);
        CHECK(leaves_of(*definition, snapshot) == record.states);
        CHECK(stored_timers(snapshot).empty());
    }

    TEST_CASE("a failed timer is not stored until its incident is resolved") {
        const auto definition = journey();
        Snapshot snapshot = in_tracks(*definition);
        REQUIRE(snapshot.timers.size() == 1);
        const std::vector<StoredTimer> stored = stored_timers(snapshot);
        REQUIRE(stored.size() == 1);
        CHECK(stored[0].due == snapshot.timers[0].due);
        CHECK(stored[0].state == snapshot.timers[0].state);

        snapshot.timers[0].failed = true;

        CHECK(stored_timers(snapshot).empty());
    }
}
