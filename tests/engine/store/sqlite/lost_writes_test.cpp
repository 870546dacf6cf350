// What was accepted and then met a full disk: nobody may go on from it.

#include <sqlite3.h>

#include <future>
#include <vector>

#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::Bench;
using test::ok;

namespace {

constexpr std::string_view notes = R"(
workflow: notes
version: 1
roles: { sme: { title: Company } }
context: { text: { type: string, default: "" } }
initial: open
states:
  open:
    on:
      note:
        by: sme
        form: { text: { type: string, required: true } }
        actions: [{ assign: { text: "${event.data.text}" } }]
)";

/// In the order in which they were opened.
std::vector<sqlite3*> connections;

int keep(sqlite3* connection, char**, const sqlite3_api_routines*) {
    connections.push_back(connection);
    return SQLITE_OK;
}

/// Opens the bench's store again; its connection that writes, the first that it opens.
sqlite3* restart(Bench& bench) {
    const auto entry = reinterpret_cast<void (*)()>(&keep);
    connections.clear();
    sqlite3_auto_extension(entry);
    bench.restart();
    sqlite3_cancel_auto_extension(entry);
    REQUIRE_FALSE(connections.empty());
    return connections.front();
}

/// The disk has room for so many pages, and for what it has already.
void set_room(sqlite3* writer, int pages) {
    const std::string command = "PRAGMA max_page_count = " + std::to_string(pages);
    REQUIRE(sqlite3_exec(writer, command.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

Result<void> sync(Bench& bench) {
    std::promise<Result<void>> outcome;
    bench.open.store->sync([&](Result<void> result) { outcome.set_value(std::move(result)); });
    return outcome.get_future().get();
}

}  // namespace

TEST_SUITE("store/sqlite/sqlite_store") {
    TEST_CASE("instances that a full disk lost are forgotten, though the tables lack nothing") {
        Bench bench;
        bench.publish(notes);
        ok(bench.runtime->perform(std::nullopt, [&](Work& work) {
            ok(work.start({.id = {"ins_1"}, .workflow = "notes"}, test::sme_at(1)));
            return Answer{};
        }));
        ok(bench.send("note", 2, {{"text", "kept"}}));
        sqlite3* const writer = restart(bench);  // and the tables have it all
        bench.runtime->leave_syncs_to_caller();
        REQUIRE_FALSE(ok(bench.open.store->is_behind()));

        set_room(writer, 1);
        const Receipt lost = ok(bench.send("note", 3, {{"text", std::string(200'000, 'x')}}));
        CHECK(test::error_of(sync(bench)).code == ErrorCode::storage_full);
        set_room(writer, 1'000'000);

        ok(bench.open.store->ready());
        CHECK(bench.record().sequence == lost.after.snapshot.sequence - 1);
        const Receipt next = ok(bench.send("note", 4, {{"text", "after"}}));
        ok(sync(bench));
        CHECK(next.after.snapshot.sequence == lost.after.snapshot.sequence);
        CHECK(bench.entries().size() == next.after.snapshot.sequence);
        bench.check_replay();
    }
}
