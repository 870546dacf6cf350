#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::error_of;
using test::ok;

namespace {

std::string file(int version, const char* title) {
    return "workflow: w\nversion: " + std::to_string(version) + "\ntitle: " + title +
           "\ninitial: a\nstates: { a: { type: final } }\n";
}

/// Publishes in a transaction of its own.
Result<Published> publish(Bench& bench, const std::string& source,
                          std::vector<Finding>* findings = nullptr) {
    std::optional<Result<Published>> outcome;
    ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
        outcome.emplace(work.publish(source, "w.yaml", Instant{7}, findings));
        return Answer{.status = outcome->has_value() ? 201 : 422};
    }));
    return std::move(outcome).value();
}

}  // namespace

TEST_SUITE("runtime/definitions") {
    TEST_CASE("publishing again is nothing new, other content under the same version a conflict") {
        Bench bench;

        CHECK(ok(publish(bench, file(1, "One"))).created);
        CHECK(!ok(publish(bench, file(1, "One"))).created);
        CHECK(error_of(publish(bench, file(1, "Other"))).code == ErrorCode::conflict);
        CHECK(ok(publish(bench, file(2, "Other"))).created);

        bench.restart();
        const auto latest = ok(bench.runtime->read(
            [](Reader& reader) { return reader.definition("w", std::nullopt); }));
        CHECK(latest->version == 2);
        CHECK(latest->source == file(2, "Other"));
        CHECK(ok(ok(bench.open.store->read())->definition("w", 2))->published_at == Instant{7});
    }

    TEST_CASE("a file with errors is refused with all its findings, and nothing is stored") {
        Bench bench;
        std::vector<Finding> findings;

        const Error error = error_of(publish(
            bench, "workflow: w\nversion: 0\nstates: { a: { on: { x: b } } }\n", &findings));

        CHECK(error.code == ErrorCode::definition_invalid);
        CHECK(findings.size() >= 2);
        CHECK(has_errors(findings));
        CHECK(ok(ok(bench.open.store->read())->definitions("", 10)).empty());
    }

    TEST_CASE("a definition is read and compiled once") {
        Bench bench;
        ok(publish(bench, file(1, "One")));
        const auto read = [&] {
            return ok(
                bench.runtime->read([](Reader& reader) { return reader.definition("w", 1); }));
        };

        CHECK(read() == read());
        bench.restart();
        CHECK(read()->title == read()->title);
    }

    TEST_CASE("a stored file that is not what was published is told, not run") {
        Bench bench;
        DefinitionRecord record{
            .name = "w", .version = 1, .hash = "sha256:other", .source = file(1, "One")};

        CHECK(error_of(bench.runtime->compiled(record)).code == ErrorCode::corrupt);
        record.source = "workflow: [";
        CHECK(error_of(bench.runtime->compiled(record)).code == ErrorCode::corrupt);
    }

    TEST_CASE("what was never published is not found") {
        Bench bench;
        const auto missing = bench.runtime->read(
            [](Reader& reader) { return reader.definition("w", std::nullopt); });

        CHECK(error_of(missing).message == "There is no workflow \"w\".");
    }
}
