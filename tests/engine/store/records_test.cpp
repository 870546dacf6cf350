// What every Store does with records. Compiled into each test program with a backend of its own.

#include "tests/engine/store/fixture.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::commit_record;
using test::error_of;
using test::ok;
using test::sample_record;

TEST_SUITE("store/records") {
    TEST_CASE("every revision of a record stays, the latest stands for it") {
        test::OpenStore open = test::fresh_store();
        const Record first = sample_record(RecordKind::company, "com_1");
        Record second = first;
        second.revision = 2;
        second.body["headcount"] = 19;
        second.cluster = "clu_2";

        commit_record(*open.store, first);
        commit_record(*open.store, second);
        open.restart(open);

        const auto view = ok(open.store->read());
        CHECK(ok(view->record(RecordKind::company, "com_1", std::nullopt)) == second);
        CHECK(ok(view->record(RecordKind::company, "com_1", 1)) == first);
        CHECK(ok(view->record(RecordKind::company, "com_1", 0)) == std::nullopt);
        CHECK(ok(view->record(RecordKind::company, "com_1", 3)) == std::nullopt);
        CHECK(ok(view->record(RecordKind::cohort, "com_1", std::nullopt)) == std::nullopt);
        CHECK(ok(view->records({.kind = RecordKind::company})) == std::vector{second});
    }

    TEST_CASE("a revision that does not follow the latest is a conflict") {
        test::OpenStore open = test::fresh_store();
        Record record = sample_record(RecordKind::cohort, "coh_1");
        const auto transaction = ok(open.store->begin());

        record.revision = 2;
        CHECK(error_of(transaction->put(record)).code == ErrorCode::conflict);
        record.revision = 1;
        ok(transaction->put(record));
        CHECK(error_of(transaction->put(record)).code == ErrorCode::conflict);
    }

    TEST_CASE("a look-up finds the latest revision and is unique within its kind") {
        test::OpenStore open = test::fresh_store();
        Record token = sample_record(RecordKind::token, "tok_1");
        token.lookup = "hash-1";
        commit_record(*open.store, token);
        Record other = sample_record(RecordKind::token, "tok_2");
        other.lookup = "hash-1";
        auto transaction = ok(open.store->begin());

        CHECK(error_of(transaction->put(other)).code == ErrorCode::conflict);
        CHECK(ok(transaction->record_by_lookup(RecordKind::token, "hash-1")) == token);
        CHECK(ok(transaction->record_by_lookup(RecordKind::account, "hash-1")) == std::nullopt);

        token.revision = 2;
        token.lookup = "";
        ok(transaction->put(token));
        CHECK(ok(transaction->record_by_lookup(RecordKind::token, "hash-1")) == std::nullopt);
        ok(transaction->put(other));
        CHECK(ok(transaction->record_by_lookup(RecordKind::token, "hash-1")) == other);
    }

    TEST_CASE("records without a look-up do not clash") {
        test::OpenStore open = test::fresh_store();

        commit_record(*open.store, sample_record(RecordKind::company, "com_1"));
        commit_record(*open.store, sample_record(RecordKind::company, "com_2"));

        CHECK(ok(ok(open.store->read())->record_by_lookup(RecordKind::company, "")) ==
              std::nullopt);
    }

    TEST_CASE("the registry's revision moves with what views show of records") {
        test::OpenStore open = test::fresh_store();
        commit_record(*open.store, sample_record(RecordKind::company, "com_1"));
        const std::uint64_t first = open.store->registry_revision();

        auto transaction = ok(open.store->begin());
        ok(transaction->put(sample_record(RecordKind::company, "com_2")));
        CHECK(open.store->registry_revision() == first);
        transaction.reset();
        CHECK(open.store->registry_revision() == first);

        transaction = ok(open.store->begin());
        ok(transaction->put(
            StoredAnswer{.scope = "s", .key = "k", .request_hash = "h", .status = 200}));
        ok(transaction->commit());
        transaction.reset();
        CHECK(open.store->registry_revision() == first);

        Record second = sample_record(RecordKind::company, "com_1");
        second.revision = 2;
        commit_record(*open.store, second);
        CHECK(open.store->registry_revision() != first);
    }

    TEST_CASE("a list of records knows kind, clusters, cursor and limit") {
        test::OpenStore open = test::fresh_store();
        for (const char* id : {"com_3", "com_1", "com_2"}) {
            Record record = sample_record(RecordKind::company, id);
            record.cluster = std::string(id) == "com_2" ? "clu_2" : "clu_1";
            commit_record(*open.store, record);
        }
        commit_record(*open.store, sample_record(RecordKind::cluster, "clu_1"));
        const auto view = ok(open.store->read());
        const auto ids = [&](RecordFilter filter) {
            filter.kind = RecordKind::company;
            std::string joined;
            for (const Record& record : ok(view->records(filter))) {
                joined += record.id + " ";
            }
            return joined;
        };

        CHECK(ids({}) == "com_1 com_2 com_3 ");
        CHECK(ids({.after = "com_1", .limit = 1}) == "com_2 ");
        CHECK(ids({.clusters = {{"clu_1"}}}) == "com_1 com_3 ");
        CHECK(ids({.clusters = {{"clu_1", "clu_2"}}}) == "com_1 com_2 com_3 ");
        CHECK(ids({.clusters = std::vector<std::string>()}) == "");
    }
}
