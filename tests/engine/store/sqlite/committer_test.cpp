#include "engine/store/sqlite/committer.hpp"

#include <future>

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/folder.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::ok;
using test::sample_write;

namespace {

/// A prepared writer on an empty folder.
struct Bench {
    test::TemporaryFolder folder;
    LockedFolder locked = ok(LockedFolder::open(folder.path() / "data"));
    Writer writer{locked.database()};

    Bench() { ok(writer.prepare()); }

    std::int64_t count(const char* question) {
        SQLite::Database database = open_reader(locked.database());
        return database.execAndGet(question).getInt64();
    }
};

WritePointer write_at(const std::string& instance, std::uint64_t sequence, std::uint64_t position) {
    auto write = std::make_shared<InstanceWrite>(sample_write(instance, sequence));
    write->entry.position = position;
    return write;
}

Result<void> submit(Committer& committer, Batch batch) {
    std::promise<Result<void>> outcome;
    batch.done = [&](Result<void> result) { outcome.set_value(std::move(result)); };
    committer.submit(std::move(batch));
    return outcome.get_future().get();
}

}  // namespace

TEST_SUITE("store/sqlite/committer") {
    TEST_CASE("a batch is on the disk when it is done, its tables by the end") {
        Bench bench;
        {
            Committer committer(bench.writer, 0);

            ok(submit(committer,
                      {.writes = {write_at("ins_1", 1, 1), write_at("ins_2", 1, 2)},
                       .answers = {std::make_shared<StoredAnswer>(StoredAnswer{.scope = "s"})}}));

            CHECK(bench.count("SELECT count(*) FROM entry") == 2);
            CHECK(bench.count("SELECT count(*) FROM answer") == 1);
            CHECK(committer.durable_position() == 2);
            CHECK(committer.progress().answers.size() == 1);
        }
        CHECK(bench.count("SELECT count(*) FROM instance") == 2);
        CHECK(bench.count("SELECT sum(sequence) FROM instance") == 2);
        CHECK(bench.count("SELECT count(*) FROM instance WHERE wake_due = 90000") == 2);
    }

    TEST_CASE("an idle committer tells what the tables have got") {
        Bench bench;
        Committer committer(bench.writer, 0);
        ok(submit(committer, {.writes = {write_at("ins_1", 1, 1), write_at("ins_1", 2, 2)}}));
        Committer::Progress progress;

        while (progress.instances.empty()) {  // some 20 ms
            progress = committer.progress();
            std::this_thread::yield();
        }

        REQUIRE(progress.instances.size() == 1);
        CHECK(progress.instances.front() == std::pair<std::string, std::uint64_t>("ins_1", 2));
        CHECK(bench.count("SELECT sum(sequence) FROM instance") == 2);
    }

    TEST_CASE("batch after batch, the tables are never more than 20,000 entries behind") {
        constexpr std::uint64_t batches = 40;
        constexpr std::uint64_t entries = 1'000;
        Bench bench;
        SQLite::Database database = open_reader(bench.locked.database());
        SQLite::Statement sum(database, "SELECT coalesce(sum(sequence), 0) FROM instance");
        std::uint64_t most_behind = 0;
        {
            Committer committer(bench.writer, 0);
            for (std::uint64_t number = 0; number < batches; ++number) {
                Batch batch;
                for (std::uint64_t index = 0; index < entries; ++index) {
                    const std::uint64_t position = number * entries + index + 1;
                    batch.writes.push_back(
                        write_at("ins_" + std::to_string(position), 1, position));
                }
                batch.done = [&, number](const Result<void>& result) {
                    CHECK(result);
                    Use use(sum);
                    CHECK(use.step());
                    most_behind = std::max(most_behind, (number + 1) * entries - use.count(0));
                };
                committer.submit(std::move(batch));
            }
        }
        CHECK(most_behind >= entries);  // no batch waits for the tables
        CHECK(most_behind <= 20'000);
        CHECK(bench.count("SELECT count(*) FROM instance") == batches * entries);
    }

    TEST_CASE("the tables claim what they were given, not what the log has beyond it") {
        Bench bench;
        // As at a start: five entries are on the disk, the first of them is restored.
        Committer committer(bench.writer, 5);
        {
            const auto taken = committer.take_writer();
            committer.add_durable({write_at("ins_1", 1, 1)});
        }

        while (committer.progress().instances.empty()) {  // some 10 ms
            std::this_thread::yield();
        }

        SQLite::Database database = open_reader(bench.locked.database());
        CHECK(
            database.execAndGet("SELECT value FROM setting WHERE name = 'projected'").getString() ==
            "1");
        CHECK(committer.durable_position() == 5);
    }

    TEST_CASE("after a batch that failed none is written until it is forgotten") {
        Bench bench;
        Committer committer(bench.writer, 0);
        ok(submit(committer, {.writes = {write_at("ins_1", 1, 1)}}));

        // The same position once more is a contradiction.
        CHECK_FALSE(submit(committer, {.writes = {write_at("ins_2", 1, 1)}}));
        CHECK_FALSE(submit(committer, {.writes = {write_at("ins_3", 1, 2)}}));
        CHECK(committer.failure().has_value());
        CHECK(bench.count("SELECT count(*) FROM entry") == 1);

        committer.forget();
        ok(submit(committer, {.writes = {write_at("ins_3", 1, 2)}}));
        CHECK(bench.count("SELECT count(*) FROM entry") == 2);
    }

    TEST_CASE("whoever takes the writer has it alone, after all that was queued") {
        Bench bench;
        Committer committer(bench.writer, 0);
        committer.submit({.writes = {write_at("ins_1", 1, 1)}});

        const auto taken = committer.take_writer();

        CHECK(bench.count("SELECT count(*) FROM entry") == 1);
        ok(bench.writer.begin());
        bench.writer.roll_back();
    }
}
