#include <array>

#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::journey_bench;
using test::ok;
using test::sme_at;

namespace {

Repeat repeat_of(const std::string& key, const std::string& hash = "h", std::int64_t second = 5) {
    return Repeat{.scope = "acc_1|POST|/v1/x",
                  .key = key,
                  .request_hash = hash,
                  .now = Instant{second * 1'000}};
}

/// Work that counts how often it ran, writes a setting and answers with that status.
struct Counted {
    int status = 201;
    int runs = 0;

    std::function<Answer(Work&)> work() {
        return [this](Work& work) {
            ++runs;
            ok(work.transaction().set("touched", std::to_string(runs)));
            return Answer{.status = status, .headers = {{"ETag", "\"1\""}}, .body = "{}"};
        };
    }
};

std::optional<std::string> touched(Bench& bench) {
    return ok(ok(bench.open.store->read())->setting("touched"));
}

}  // namespace

TEST_SUITE("runtime/perform") {
    TEST_CASE("a repeat is answered from storage, also after a restart, and works only once") {
        Bench bench;
        Counted counted;

        const Answer first = ok(bench.runtime->perform(repeat_of("k"), counted.work()));
        bench.restart();
        const Answer second = ok(bench.runtime->perform(repeat_of("k"), counted.work()));

        CHECK(counted.runs == 1);
        CHECK(!first.replayed);
        CHECK(second.replayed);
        CHECK(second.status == 201);
        CHECK(second.headers == first.headers);
        CHECK(second.body == first.body);
        ok(bench.runtime->perform(repeat_of("other"), counted.work()));
        CHECK(counted.runs == 2);
    }

    TEST_CASE("the same key with another body is refused") {
        Bench bench;
        Counted counted;
        ok(bench.runtime->perform(repeat_of("k"), counted.work()));

        CHECK(error_of(bench.runtime->perform(repeat_of("k", "other"), counted.work())).code ==
              ErrorCode::idempotency_mismatch);
        CHECK(counted.runs == 1);
    }

    TEST_CASE("an answer is kept for seven days and then worked anew") {
        Bench bench;
        Counted counted;
        const std::int64_t week = 7 * 24 * 3'600;
        ok(bench.runtime->perform(repeat_of("k", "h", 0), counted.work()));

        ok(bench.runtime->perform(repeat_of("k", "h", week), counted.work()));
        CHECK(counted.runs == 1);
        ok(bench.runtime->perform(repeat_of("k", "new", week + 1), counted.work()));
        CHECK(counted.runs == 2);
    }

    TEST_CASE("a refusal keeps nothing of the work, and itself only where api.md says so") {
        for (const int status : {400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 503}) {
            CAPTURE(status);
            Bench bench;
            Counted counted{.status = status};

            ok(bench.runtime->perform(repeat_of("k"), counted.work()));
            const Answer again = ok(bench.runtime->perform(repeat_of("k"), counted.work()));

            const bool is_kept = status == 403 || status == 409 || status == 412 || status == 422;
            CHECK(again.replayed == is_kept);
            CHECK(touched(bench) == std::nullopt);
        }
    }

    TEST_CASE("without a key nothing is stored") {
        Bench bench;
        Counted counted;

        ok(bench.runtime->perform(std::nullopt, counted.work()));
        ok(bench.runtime->perform(std::nullopt, counted.work()));

        CHECK(counted.runs == 2);
        CHECK(touched(bench) == "2");
    }

    TEST_CASE("an incident outlives the refusal that tells of it, the rest of the work does not") {
        Bench bench = journey_bench();
        bench.start("journey");

        const Answer answer = ok(bench.runtime->perform(repeat_of("k"), [&](Work& work) {
            ok(work.transaction().set("touched", "yes"));
            const Loaded loaded = ok(work.load("ins_1"));
            const auto outcome = work.submit(loaded, {.event = "loop", .data = nullptr}, sme_at(2));
            CHECK(error_of(outcome).code == ErrorCode::limit_exceeded);
            return Answer{.status = 422};
        }));

        CHECK(answer.status == 422);
        CHECK(touched(bench) == std::nullopt);
        CHECK(bench.entries().size() == 2);
        CHECK(ok(bench.runtime->perform(repeat_of("k"), [](Work&) { return Answer{}; })).replayed);
    }

    TEST_CASE("what a dropped transaction published is not remembered") {
        Bench bench;
        const auto publish = [&](std::string_view title, int status) {
            ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
                const std::string yaml = "workflow: w\nversion: 1\ntitle: " + std::string(title) +
                                         "\ninitial: a\nstates: { a: { type: final } }\n";
                ok(work.publish(yaml, "w.yaml", {}));
                CHECK(ok(work.definition("w", 1))->source == yaml);
                return Answer{.status = status};
            }));
        };

        publish("First", 409);
        publish("Second", 201);

        const auto stored =
            bench.runtime->read([](Reader& reader) { return reader.definition("w", 1); });
        CHECK(ok(stored)->source.find("Second") != std::string::npos);
    }
}
