// What every Store keeps. Compiled into each test program with a backend of its own.

#include <mutex>

#include "engine/store/entry_json.hpp"
#include "tests/engine/store/fixture.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::commit_record;
using test::commit_write;
using test::error_of;
using test::ok;
using test::sample_record;
using test::sample_write;

TEST_SUITE("store/contract") {
    TEST_CASE("a witness is shown what has become durable, once and in order") {
        test::OpenStore open = test::fresh_store();
        commit_write(*open.store, sample_write("ins_1", 1));
        std::mutex mutex;
        std::vector<WritePointer> shown;
        const DurableWitness witness = [&](std::span<const WritePointer> writes) {
            const std::lock_guard lock(mutex);
            shown.insert(shown.end(), writes.begin(), writes.end());
        };

        CHECK(ok(open.store->watch(witness)) == 1);
        commit_write(*open.store, sample_write("ins_2", 1));
        commit_record(*open.store, sample_record(RecordKind::cluster, "clu_1"));
        commit_write(*open.store, sample_write("ins_1", 2));
        {
            const auto dropped = ok(open.store->begin());
            ok(dropped->append(sample_write("ins_3", 1)));
        }
        CHECK(ok(open.store->watch(nullptr)) == 3);
        commit_write(*open.store, sample_write("ins_1", 3));

        REQUIRE(shown.size() == 2);
        CHECK(shown[0]->entry.position == 2);
        CHECK(shown[0]->entry.instance == "ins_2");
        CHECK(shown[1]->entry.position == 3);
        CHECK(ok(stored_entry(*shown[1])).sequence == 2);
        CHECK(ok(stored_entry(*shown[1])).hash == shown[1]->entry.hash);
        CHECK(ok(stored_entry(*shown[1])).position == 3);
    }

    TEST_CASE("an appended step is read back whole, also after a restart") {
        test::OpenStore open = test::fresh_store();
        const InstanceWrite first = sample_write("ins_1", 1);
        const InstanceWrite second = sample_write("ins_1", 2);

        commit_write(*open.store, first);
        commit_write(*open.store, second);
        open.restart(open);

        const auto view = ok(open.store->read());
        CHECK(ok(view->instance("ins_1")) == *second.instance);
        auto entries = ok(view->entries("ins_1", 0, 10));
        REQUIRE(entries.size() == 2);
        CHECK(entries[1].position == 2);
        entries[1].position = 0;
        CHECK(entries[1] == second.entry);
        CHECK(ok(view->due_timers(Instant{90'000}, 10)).rows ==
              std::vector{TimerRow{.instance = "ins_1", .timer = second.timers[0]}});
    }

    TEST_CASE("what is not there is nothing, not an error") {
        const test::OpenStore open = test::fresh_store();

        const auto view = ok(open.store->read());

        CHECK(ok(view->instance("ins_9")) == std::nullopt);
        CHECK(ok(view->instance_by_key("export", "k")) == std::nullopt);
        CHECK(ok(view->child("ins_9", 1)) == std::nullopt);
        CHECK(ok(view->instances({})).empty());
        CHECK(ok(view->entries("ins_9", 0, 10)).empty());
        CHECK(ok(view->log(0, 10)).empty());
        CHECK(ok(view->definition("export", 1)) == std::nullopt);
        CHECK(ok(view->definition("export", std::nullopt)) == std::nullopt);
        CHECK(ok(view->record(RecordKind::company, "com_9", std::nullopt)) == std::nullopt);
        CHECK(ok(view->record_by_lookup(RecordKind::token, "x")) == std::nullopt);
        CHECK(ok(view->due_timers(instant_max, 10)).rows.empty());
        CHECK(ok(view->next_due()) == std::nullopt);
        CHECK(ok(view->answer("scope", "key")) == std::nullopt);
        CHECK(ok(view->setting("sandbox")) == std::nullopt);
        ok(open.store->ready());
    }

    TEST_CASE("a transaction sees its own writes, others only what was committed") {
        test::OpenStore open = test::fresh_store();
        const InstanceWrite write = sample_write("ins_1", 1);
        auto transaction = ok(open.store->begin());

        ok(transaction->append(write));

        CHECK(ok(transaction->instance("ins_1")) == *write.instance);
        CHECK(ok(ok(open.store->read())->instance("ins_1")) == std::nullopt);
        ok(transaction->commit());
        transaction.reset();
        CHECK(ok(ok(open.store->read())->instance("ins_1")) == *write.instance);
    }

    TEST_CASE("a transaction that is dropped leaves nothing") {
        test::OpenStore open = test::fresh_store();
        {
            const auto transaction = ok(open.store->begin());
            ok(transaction->append(sample_write("ins_1", 1)));
            ok(transaction->put(sample_record(RecordKind::company, "com_1")));
            ok(transaction->set("sandbox", "true"));
        }
        open.restart(open);

        const auto view = ok(open.store->read());
        CHECK(ok(view->instances({})).empty());
        CHECK(ok(view->log(0, 10)).empty());
        CHECK(ok(view->record(RecordKind::company, "com_1", std::nullopt)) == std::nullopt);
        CHECK(ok(view->setting("sandbox")) == std::nullopt);
    }

    TEST_CASE("there is one transaction at a time") {
        test::OpenStore open = test::fresh_store();
        auto first = ok(open.store->begin());

        CHECK(error_of(open.store->begin()).code == ErrorCode::unavailable);
        first.reset();
        ok(open.store->begin());
    }

    TEST_CASE("an entry that does not follow the last one is a conflict") {
        test::OpenStore open = test::fresh_store();
        commit_write(*open.store, sample_write("ins_1", 1));
        const auto transaction = ok(open.store->begin());

        CHECK(error_of(transaction->append(sample_write("ins_1", 1))).code == ErrorCode::conflict);
        CHECK(error_of(transaction->append(sample_write("ins_1", 3))).code == ErrorCode::conflict);
        CHECK(error_of(transaction->append(sample_write("ins_2", 2))).code == ErrorCode::conflict);

        ok(transaction->append(sample_write("ins_1", 2)));
        ok(transaction->commit());
        CHECK(ok(ok(open.store->read())->log(0, 10)).size() == 2);
    }

    TEST_CASE("a key is one instance's per workflow") {
        test::OpenStore open = test::fresh_store();
        InstanceWrite write = sample_write("ins_1", 1);
        write.instance.update([](InstanceRecord& record) { record.key = "CV-1"; });
        commit_write(*open.store, write);
        InstanceWrite other = sample_write("ins_2", 1);
        other.instance.update([](InstanceRecord& record) { record.key = "CV-1"; });
        const auto transaction = ok(open.store->begin());

        CHECK(error_of(transaction->append(other)).code == ErrorCode::conflict);
        CHECK(ok(transaction->instance_by_key("export", "CV-1")) == *write.instance);
        other.instance.update([](InstanceRecord& record) { record.workflow = "import"; });
        ok(transaction->append(other));
        CHECK(ok(transaction->instance_by_key("import", "CV-1")) == *other.instance);
    }

    TEST_CASE("a child is found by its parent and serial, which are one instance's") {
        test::OpenStore open = test::fresh_store();
        commit_write(*open.store, sample_write("ins_1", 1));
        InstanceWrite write = sample_write("ins_2", 1);
        write.instance.update([&](InstanceRecord& record) {
            record.parent = ParentLink{.instance = "ins_1", .invoke_id = "tracks.0", .serial = 7};
            record.ancestors = {"ins_1"};
            record.fragment = "0.1";
            record.document = "<scxml/>";
        });
        commit_write(*open.store, write);
        open.restart(open);
        InstanceWrite other = write;
        other.entry.instance = "ins_3";
        other.instance.update([](InstanceRecord& record) { record.id = "ins_3"; });
        other.timers.clear();
        const auto transaction = ok(open.store->begin());

        CHECK(ok(transaction->child("ins_1", 7)) == *write.instance);
        CHECK(ok(transaction->child("ins_1", 8)) == std::nullopt);
        CHECK(error_of(transaction->append(other)).code == ErrorCode::conflict);
        other.instance.update([](InstanceRecord& record) { record.parent->serial = 8; });
        ok(transaction->append(other));
        CHECK(ok(transaction->child("ins_1", 8)) == *other.instance);
    }

    TEST_CASE("timers are replaced with each step and fire in order") {
        test::OpenStore open = test::fresh_store();
        const auto timer = [](std::uint64_t id, int due, int started) {
            return StoredTimer{
                .id = id, .due = Instant{due}, .started = Instant{started}, .state = 1};
        };
        const auto due = [&](Instant until, std::size_t limit) {
            return ok(ok(open.store->read())->due_timers(until, limit)).rows;
        };
        InstanceWrite a = sample_write("ins_a", 1);
        a.timers = {timer(1, 50, 3), timer(2, 40, 9), timer(3, 70, 0)};
        InstanceWrite b = sample_write("ins_b", 1);
        b.timers = {timer(1, 40, 2), timer(2, 50, 3)};
        commit_write(*open.store, a);
        commit_write(*open.store, b);
        const TimerRow rows[] = {{"ins_b", b.timers[0]},
                                 {"ins_a", a.timers[1]},
                                 {"ins_a", a.timers[0]},
                                 {"ins_b", b.timers[1]}};

        CHECK(due(Instant{50}, 10) == std::vector(rows, rows + 4));
        CHECK(due(Instant{50}, 2) == std::vector(rows, rows + 2));
        CHECK(ok(ok(open.store->read())->next_due()) == Instant{40});

        InstanceWrite later = sample_write("ins_b", 2);
        later.timers = {timer(2, 60, 3)};
        commit_write(*open.store, later);
        a = sample_write("ins_a", 2);
        a.timers = {};
        commit_write(*open.store, a);
        CHECK(due(instant_max, 10) == std::vector{TimerRow{"ins_b", later.timers[0]}});
    }

    TEST_CASE("the log of all instances is in order of commit, without gaps") {
        test::OpenStore open = test::fresh_store();
        commit_write(*open.store, sample_write("ins_1", 1));
        { ok(ok(open.store->begin())->append(sample_write("ins_3", 1))); }
        commit_write(*open.store, sample_write("ins_2", 1));
        commit_write(*open.store, sample_write("ins_1", 2));

        const auto log = ok(ok(open.store->read())->log(1, 10));

        REQUIRE(log.size() == 2);
        CHECK(log[0].position == 2);
        CHECK(log[0].instance == "ins_2");
        CHECK(log[1].position == 3);
        CHECK(ok(ok(open.store->read())->log(0, 1)).size() == 1);
        CHECK(ok(ok(open.store->read())->entries("ins_1", 1, 10))[0].sequence == 2);
    }

    TEST_CASE("versions of a definition stay, the latest is the highest") {
        test::OpenStore open = test::fresh_store();
        const auto definition = [](const char* name, std::int64_t version) {
            return DefinitionRecord{.name = name,
                                    .version = version,
                                    .hash = "sha256:" + std::to_string(version),
                                    .source = "workflow: x",
                                    .published_at = Instant{version}};
        };
        const auto transaction = ok(open.store->begin());

        ok(transaction->put(definition("b", 10)));
        ok(transaction->put(definition("b", 9)));
        ok(transaction->put(definition("a", 1)));

        CHECK(error_of(transaction->put(definition("b", 9))).code == ErrorCode::conflict);
        CHECK(ok(transaction->definition("b", std::nullopt)) == definition("b", 10));
        CHECK(ok(transaction->definition("b", 9)) == definition("b", 9));
        CHECK(ok(transaction->definitions("", 10)) ==
              std::vector{definition("a", 1), definition("b", 10)});
        CHECK(ok(transaction->definitions("a", 10)) == std::vector{definition("b", 10)});
    }

    TEST_CASE("answers are kept for repeats, replaced, and dropped when old, a few at a time") {
        test::OpenStore open = test::fresh_store();
        StoredAnswer answer{.scope = "acc|POST|/v1/instances",
                            .key = "k1",
                            .request_hash = "h",
                            .status = 201,
                            .headers = {{"ETag", "\"1\""}, {"Location", "/v1/instances/ins_1"}},
                            .body = "{\"id\":\"ins_1\"}",
                            .at = Instant{100}};
        auto transaction = ok(open.store->begin());
        const auto next = [&] {
            ok(transaction->commit());
            transaction.reset();
            transaction = ok(open.store->begin());
        };

        ok(transaction->put(answer));
        answer.status = 409;
        ok(transaction->put(answer));

        CHECK(ok(transaction->answer(answer.scope, "k1")) == answer);
        answer.key = "k2";
        ok(transaction->put(answer));
        next();
        ok(transaction->prune_answers(Instant{100}, 10));
        next();
        CHECK(ok(transaction->answer(answer.scope, "k1")).has_value());
        ok(transaction->prune_answers(Instant{101}, 1));
        next();
        CHECK(ok(transaction->answer(answer.scope, "k1")).has_value() !=
              ok(transaction->answer(answer.scope, "k2")).has_value());
    }

    TEST_CASE("a setting is what was set last") {
        test::OpenStore open = test::fresh_store();
        const auto transaction = ok(open.store->begin());

        ok(transaction->set("sandbox", "true"));
        ok(transaction->set("sandbox", "false"));
        ok(transaction->commit());

        CHECK(ok(ok(open.store->read())->setting("sandbox")) == "false");
    }
}
