#include "engine/runtime/subject.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::journey_bench;
using test::ok;

TEST_SUITE("runtime/reader") {
    TEST_CASE("an instance is loaded with all that a step over it reads") {
        Bench bench = journey_bench();
        const Receipt receipt = bench.start("journey");

        const Loaded loaded =
            ok(bench.runtime->read([](Reader& reader) { return reader.load("ins_1"); }));

        CHECK(loaded.record == receipt.after.record);
        CHECK(loaded.snapshot == receipt.after.snapshot);
        CHECK(loaded.definition->name == "journey");
        CHECK(*loaded.company ==
              boost::json::object{{"id", "com_1"}, {"name", "Maison"}, {"headcount", 18}});
        CHECK(loaded.cohort->at("id") == "coh_1");
        CHECK(loaded.company_revision == 1);
        CHECK(loaded.cohort_revision == 1);
    }

    TEST_CASE("a company that was stored without its class has the one that its figures give") {
        Record stored{.kind = RecordKind::company,
                      .id = "com_1",
                      .body = {{"headcount", 18}, {"turnover_eur", 2400000}}};
        CHECK(with_id(stored).at("sme_class") == "small");

        stored.body["sme_class"] = nullptr;
        CHECK(with_id(stored).at("sme_class").is_null());
        stored.kind = RecordKind::cohort;
        stored.body.erase("sme_class");
        CHECK(!with_id(stored).contains("sme_class"));
    }

    TEST_CASE("what is not there is not found, by its name") {
        Bench bench;

        const auto instance =
            bench.runtime->read([](Reader& reader) { return reader.load("ins_9"); });
        const auto company = bench.runtime->read(
            [](Reader& reader) { return reader.record(RecordKind::company, "com_9"); });

        CHECK(error_of(instance).code == ErrorCode::not_found);
        CHECK(error_of(company).message == "There is no company \"com_9\".");
    }

    TEST_CASE("the input of a call is the caller's, never before the instance's last entry") {
        Loaded loaded;
        loaded.snapshot.at = Instant{10};
        loaded.company = boost::json::object{{"id", "com_1"}};
        Call call{
            .actor = {.id = "acc_1", .roles = {"sme"}}, .now = Instant{5}, .languages = {"fr"}};

        CHECK(Reader::input_for(loaded, call).now == Instant{10});
        call.now = Instant{15};
        const Input input = Reader::input_for(loaded, call);
        CHECK(input.now == Instant{15});
        CHECK(input.actor == call.actor);
        CHECK(input.languages == call.languages);
        CHECK(input.company == loaded.company);
    }
}
