// What a runtime keeps decoded is what the store holds, whatever was done, refused or lost.

#include "engine/runtime/loaded_cache.hpp"

#include <random>

#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::ok;

namespace {

Loaded named(const std::string& id) { return Loaded{.record = InstanceRecord{.id = id}}; }

/// Whether the runtime shows each instance as another one does that knows nothing yet.
void check_agreement(Bench& bench) {
    Runtime fresh(*bench.open.store);
    for (const char* id : {"ins_1", "ins_2", "ins_3"}) {
        const auto known = bench.runtime->read([&](Reader& reader) { return reader.load(id); });
        const auto stored = fresh.read([&](Reader& reader) { return reader.load(id); });
        CHECK(ok(known).record == ok(stored).record);
        CHECK(ok(known).snapshot == ok(stored).snapshot);
        CHECK(ok(known).company == ok(stored).company);
        CHECK(ok(known).company_revision == ok(stored).company_revision);
    }
}

}  // namespace

TEST_SUITE("runtime/loaded_cache") {
    TEST_CASE("what is asked for stays, the rest goes") {
        LoadedCache cache;
        cache.put(named("wanted"));
        for (std::size_t i = 0; i < 2 * loaded_max; ++i) {
            cache.put(named(std::to_string(i)));
            if (i % 1'000 == 0) {
                REQUIRE(cache.find("wanted") != nullptr);
            }
        }

        CHECK(cache.find("wanted") != nullptr);
        CHECK(cache.find("0") == nullptr);
        cache.drop("wanted");
        CHECK(cache.find("wanted") == nullptr);
        cache.clear();
        CHECK(cache.find(std::to_string(2 * loaded_max - 1)) == nullptr);
    }

    TEST_CASE("work that is kept, refused or undone leaves the runtime agreeing with its store") {
        Bench bench = test::journey_bench();
        for (const char* id : {"ins_1", "ins_2", "ins_3"}) {
            bench.start("journey", id);
        }
        std::mt19937 dice(1);  // the same run every time
        for (int turn = 0; turn < 60; ++turn) {
            const std::string id = "ins_" + std::to_string(1 + dice() % 3);
            const char* event = std::array{"answer", "loop", "submit", "later"}[dice() % 4];
            boost::json::value data;
            if (std::string_view(event) == "answer") {
                data = {{"score", static_cast<std::int64_t>(dice() % 20)}};
            }
            const int status = dice() % 3 == 0 ? 422 : 200;
            ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
                const Loaded loaded = ok(work.load(id));
                const auto sent =
                    work.submit(loaded, {.event = event, .data = data}, test::sme_at(turn + 2));
                return Answer{.status = sent ? status : 422};
            }));
            if (turn % 20 == 7) {
                bench.put(RecordKind::company, {{"name", "Maison"}, {"headcount", turn}});
            }
            check_agreement(bench);
        }
    }
}
