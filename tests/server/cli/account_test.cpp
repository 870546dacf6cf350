#include <doctest/doctest.h>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/auth/token.hpp"
#include "tests/server/cli/run_words.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

using test::run_words;

/// A data folder that nobody serves.
std::string made_folder(const test::TemporaryFolder& folder) {
    const std::string data = folder.path() / "data";
    test::ok(SqliteStore::open({.folder = data}));
    return data;
}

std::string without_line_end(std::string text) {
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

}  // namespace

TEST_SUITE("cli/account") {
    TEST_CASE("TM43: the operator makes the first administrator, and a token, shown once") {
        const test::TemporaryFolder folder;
        const std::string data = made_folder(folder);

        const auto made =
            run_words({"account", "create", "Ana", "--role", "admin", "--token", "--data", data});
        const auto listed = run_words({"account", "list", "--data", data});

        CHECK(made.status == 0);
        CHECK(made.out.starts_with("acc_"));
        CHECK(made.out.find(" sil_") != std::string::npos);
        CHECK(listed.out.find("  Ana  admin\n") != std::string::npos);
        CHECK(listed.out.find("sil_") == std::string::npos);
    }

    TEST_CASE("a token is made for an account that is there") {
        const test::TemporaryFolder folder;
        const std::string data = made_folder(folder);
        const std::string id = without_line_end(
            run_words({"account", "create", "Ana", "--email", "a@b.example", "--data", data}).out);

        const auto token = run_words({"account", "token", id, "--name", "laptop", "--data", data});
        const auto store = test::ok(SqliteStore::open({.folder = data}));
        const auto view = test::ok(store->read());
        const auto record = test::ok(
            view->record_by_lookup(RecordKind::token, token_hash(without_line_end(token.out))));

        REQUIRE(record.has_value());
        CHECK(record->body.at("name").as_string() == "laptop");
        CHECK(record->body.at("account").as_string() == id);
    }

    TEST_CASE("without mail a login link is printed, for an account known by its address") {
        const test::TemporaryFolder folder;
        const std::string data = made_folder(folder);
        run_words({"account", "create", "Ana", "--email", "ana@b.example", "--data", data});

        const auto link = run_words({"account", "link", "Ana@B.example", "--data", data});
        const auto none = run_words({"account", "link", "x@b.example", "--data", data});

        CHECK(link.status == 0);
        CHECK(link.out.starts_with("http://127.0.0.1:8080/login/acc_"));
        CHECK(none.status == 1);
        CHECK(none.err.find("x@b.example") != std::string::npos);
    }

    TEST_CASE("a role's scope is what the API takes, and its refusal is said") {
        const test::TemporaryFolder folder;
        const std::string data = made_folder(folder);

        const auto refused = run_words(
            {"account", "create", "Ana", "--role", "manager:cluster=clu_nowhere", "--data", data});
        const auto unreadable = run_words(
            {"account", "create", "Ana", "--role", "manager:clu_nowhere", "--data", data});

        CHECK(refused.status == 1);
        CHECK(refused.err.find("/roles/0") != std::string::npos);
        CHECK(refused.err.find("clu_nowhere") != std::string::npos);
        CHECK(unreadable.status == 2);
    }

    TEST_CASE("an unknown word is answered with the nearest known one") {
        CHECK(run_words({"account", "lst"}).err.find("did you mean \"list\"?") !=
              std::string::npos);
        CHECK(run_words({"account"}).status == 2);
    }
}

}  // namespace sillage::server
