#include "server/cli/data_folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <iostream>
#include <sstream>

#include "engine/runtime/runtime.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/cli/commands.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

using test::ok;

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

Outcome run(std::vector<std::string> words) {
    words.insert(words.begin(), "sillage");
    std::vector<const char*> pointers;
    for (const std::string& word : words) {
        pointers.push_back(word.c_str());
    }
    std::ostringstream out;
    std::ostringstream err;
    std::streambuf* const saved_out = std::cout.rdbuf(out.rdbuf());
    std::streambuf* const saved_err = std::cerr.rdbuf(err.rdbuf());
    const int status = run_command_line(static_cast<int>(pointers.size()), pointers.data());
    std::cout.rdbuf(saved_out);
    std::cerr.rdbuf(saved_err);
    return {status, out.str(), err.str()};
}

constexpr std::string_view counter =
    "workflow: counter\nversion: 1\nroles: { sme: {} }\ncontext: { n: { type: integer, default: 0 "
    "} "
    "}\ninitial: open\nstates:\n  open:\n    on: { more: { by: sme, actions: [{ assign: { n: "
    "\"${n + 1}\" } }] } }\n";

/// A folder whose one instance counted to three.
std::string counted(const test::TemporaryFolder& folder) {
    const std::string data = folder.path() / "data";
    const auto store = ok(SqliteStore::open({.folder = data}));
    Runtime runtime(*store);
    const Call call{.actor = {.id = "acc_1", .roles = {"sme"}}, .now = Instant{5}};
    ok(runtime.perform(std::nullopt, [&](Work& work) {
        ok(work.publish(counter, "counter.yaml", call.now));
        ok(work.start({.id = {"ins_1"}, .workflow = "counter"}, call));
        return Answer{};
    }));
    for (int i = 0; i < 3; ++i) {
        ok(runtime.perform(std::nullopt, [&](Work& work) {
            ok(work.submit(ok(work.load("ins_1")), {.event = "more"}, call));
            return Answer{};
        }));
    }
    return data;
}

}  // namespace

TEST_SUITE("cli/data_folder") {
    TEST_CASE("verify says that all is as written, and leaves the folder as it is") {
        const test::TemporaryFolder folder;
        const std::string data = counted(folder);

        const Outcome outcome = run({"verify", data});

        CHECK(outcome.status == 0);
        CHECK(outcome.out == "4 entries of 1 instances: all as written\n");
        CHECK(run({"verify", folder.path()}).status == 1);
        CHECK(run({"verify", folder.path()}).err.find("no data folder") != std::string::npos);
    }

    TEST_CASE("verify names what was cut off the end, though no row knows of it") {
        const test::TemporaryFolder folder;
        const std::string data = counted(folder);
        std::filesystem::copy(data, folder.path() / "before");
        {
            const auto store = ok(SqliteStore::open({.folder = data}));
            Runtime runtime(*store);
            const Call call{.actor = {.id = "acc_1", .roles = {"sme"}}, .now = Instant{6}};
            ok(runtime.perform(std::nullopt, [&](Work& work) {
                ok(work.submit(ok(work.load("ins_1")), {.event = "more"}, call));
                return Answer{};
            }));
        }
        std::filesystem::copy_file(folder.path() / "before" / "sillage.db", data + "/sillage.db",
                                   std::filesystem::copy_options::overwrite_existing);

        const Outcome outcome = run({"verify", data});

        CHECK(outcome.status == 1);
        CHECK(outcome.out.find("entry 5: It is missing, and all up to 5.\n") == 0);
        CHECK(run({"verify", folder.path() / "before"}).status == 0);
    }

    TEST_CASE("verify names an instance whose stored state was changed") {
        const test::TemporaryFolder folder;
        const std::string data = counted(folder);
        {
            SQLite::Database database(data + "/sillage.db", SQLite::OPEN_READWRITE);
            CHECK(database.exec("UPDATE instance SET snapshot = replace(snapshot, '3', '4')") == 1);
        }

        const Outcome outcome = run({"verify", data});

        CHECK(outcome.status == 1);
        CHECK(outcome.out.find("ins_1 4: The instance's stored state is not the one") == 0);
    }

    TEST_CASE("an audit's faults are a line each") {
        Audit audit;
        audit.take_damage("row 3 missing from index");
        audit.take({.position = 2});

        const std::string text = audit_text(audit);

        CHECK(text.find("the file: row 3 missing from index\n") == 0);
        CHECK(text.find("not checked") == std::string::npos);
        audit.leave_file_unchecked();
        CHECK(audit_text(audit).find("\nthe file: its indexes and free pages were not checked") !=
              std::string::npos);
        CHECK(text.find("\nentry 1: It is missing.\n") != std::string::npos);
        CHECK(text.find("\n1 entries of 0 instances, ") == std::string::npos);
    }

    TEST_CASE("replay rebuilds any moment") {
        const test::TemporaryFolder folder;
        const std::string data = counted(folder);

        const Outcome now = run({"replay", data, "ins_1"});
        const Outcome then = run({"replay", data, "ins_1", "--until", "2"});

        CHECK(now.status == 0);
        CHECK(now.out.find(R"("sequence":4)") != std::string::npos);
        CHECK(now.out.find(R"("context":{"n":3})") != std::string::npos);
        CHECK(then.out.find(R"("context":{"n":1})") != std::string::npos);
        CHECK(run({"replay", data, "ins_1", "--until", "5"}).status == 1);
        CHECK(run({"replay", data, "ins_9"}).status == 1);
    }

    TEST_CASE("a backup is restored into a new folder only, verified first") {
        const test::TemporaryFolder folder;
        const std::string data = counted(folder);
        const std::string backup = folder.path() / "backup";
        const std::string restored = folder.path() / "restored";

        CHECK(run({"backup", data, backup}).status == 0);
        CHECK(run({"backup", data, backup}).status == 1);
        const Outcome outcome = run({"restore", backup, restored, "--verify"});

        CHECK(outcome.status == 0);
        CHECK(outcome.out == "4 entries of 1 instances: all as written\n");
        CHECK(run({"replay", restored, "ins_1"}).out == run({"replay", data, "ins_1"}).out);
    }
}

}  // namespace sillage::server
