// What views show while the tables lag: the same as when they do not.

#include "engine/store/sqlite/merged_reads.hpp"

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::ok;
using test::sample_write;

namespace {

void accept(Store& store, const InstanceWrite& write) {
    const auto transaction = ok(store.begin());
    ok(transaction->append(write));
    ok(transaction->accept());
}

std::string ids(Store& store, const InstanceFilter& filter) {
    std::string joined;
    for (const InstanceRecord& record : ok(ok(store.read())->instances(filter))) {
        joined += record.id + "@" + std::to_string(record.sequence) + " ";
    }
    return joined;
}

InstanceWrite staged_write(const std::string& id, std::uint64_t sequence, const char* stage) {
    InstanceWrite write = sample_write(id, sequence);
    write.instance.update([&](InstanceRecord& record) { record.stage = stage; });
    return write;
}

}  // namespace

TEST_SUITE("store/sqlite/merged_reads") {
    TEST_CASE("lists, timers and history show what was accepted over what is stored") {
        const test::TemporaryFolder folder;
        const SqliteOptions options{.folder = folder.path() / "data"};
        auto store = ok(SqliteStore::open(options));
        for (const char* id : {"ins_1", "ins_2", "ins_3", "ins_4"}) {
            test::commit_write(*store, staged_write(id, 1, "review"));
        }
        store.reset();  // all of it is in the tables now
        store = ok(SqliteStore::open(options));
        InstanceWrite second = staged_write("ins_2", 2, "done");
        second.timers = {};
        accept(*store, second);
        accept(*store, staged_write("ins_5", 1, "review"));

        CHECK(ids(*store, {}) == "ins_1@1 ins_2@2 ins_3@1 ins_4@1 ins_5@1 ");
        CHECK(ids(*store, {.stage = "review"}) == "ins_1@1 ins_3@1 ins_4@1 ins_5@1 ");
        CHECK(ids(*store, {.stage = "review", .limit = 2}) == "ins_1@1 ins_3@1 ");
        CHECK(ids(*store, {.stage = "review", .after = "ins_1", .limit = 2}) == "ins_3@1 ins_4@1 ");
        CHECK(ids(*store, {.stage = "done"}) == "ins_2@2 ");
        const auto view = ok(store->read());
        CHECK(ok(view->due_timers(instant_max, 10)).rows.size() == 4);
        CHECK(ok(view->due_timers(instant_max, 2)).rows.size() == 2);
        CHECK(ok(view->entries("ins_2", 0, 10)).size() == 2);
        CHECK(ok(view->entries("ins_2", 1, 10)).front().sequence == 2);
    }

    TEST_CASE("whoever was shown what is not on the disk yet has to wait for it") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        test::commit_write(*store, sample_write("ins_1", 1));
        static_cast<void>(store->needs_sync());

        ok(ok(store->read())->instance("ins_1"));
        CHECK_FALSE(store->needs_sync());
        accept(*store, sample_write("ins_1", 2));
        CHECK(store->needs_sync());
        CHECK_FALSE(store->needs_sync());
        ok(ok(store->read())->instance("ins_1"));
        CHECK(store->needs_sync());
        ok(store->read())->note_shown("ins_1");
        CHECK(store->needs_sync());
    }

    TEST_CASE("a record is shown as it was last written") {
        const test::TemporaryFolder folder;
        const auto store = ok(SqliteStore::open({.folder = folder.path() / "data"}));
        Record record = test::sample_record(RecordKind::token, "tok_1");
        record.lookup = "hash";
        test::commit_record(*store, record);
        CHECK(ok(ok(store->read())->record_by_lookup(RecordKind::token, "hash")) == record);

        record.revision = 2;
        record.body["revoked_at"] = "2027-01-01T00:00:00Z";
        test::commit_record(*store, record);

        CHECK(ok(ok(store->read())->record_by_lookup(RecordKind::token, "hash")) == record);
        CHECK(ok(ok(store->read())->record(RecordKind::token, "tok_1", std::nullopt)) == record);
    }
}
