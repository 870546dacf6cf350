#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/cli/operator.hpp"
#include "server/http/operator_door.hpp"
#include "server/http/text.hpp"
#include "tests/server/cli/run_words.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

using test::ok;
using test::run_words;

boost::json::value line_of(const std::string& printed, std::size_t number) {
    return ok(parse_json(split(printed, '\n').at(number)));
}

}  // namespace

TEST_SUITE("cli/changes") {
    TEST_CASE("TM47: each change of the registry says who made it, when and what it changed") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";
        ok(SqliteStore::open({.folder = data}));
        const std::string user = "operator:" + user_name(::geteuid());
        REQUIRE(run_words({"account", "create", "Ana", "--role", "admin", "--data", data}).status ==
                0);
        const auto made = ok(operate_json(data, {Method::post, "/v1/clusters", R"({"name":"A"})"}));
        const auto company = ok(operate_json(
            data, {Method::post, "/v1/companies",
                   R"({"name":"X","headcount":7,"cluster":)" + to_json_text(made.at("id")) + "}"}));
        const std::string id(company.at("id").as_string());
        ok(operate_json(data, {.method = Method::patch,
                               .target = "/v1/companies/" + id,
                               .body = R"({"headcount":8})",
                               .headers = {{"Content-Type", "application/merge-patch+json"}}}));

        const auto all = run_words({"changes", data});
        const auto of_company = run_words({"changes", data, id});

        CHECK(all.status == 0);
        CHECK(std::ranges::count(all.out, '\n') == 4);
        const auto first = line_of(all.out, 0);
        CHECK(first.at("change") == 1);
        CHECK(first.at("kind") == "account");
        CHECK(first.at("by").at("id") == boost::json::value(user));
        CHECK(first.at("set").at("name") == "Ana");
        const auto last = line_of(of_company.out, 1);
        CHECK(last.at("change") == 4);
        CHECK(last.at("revision") == 2);
        CHECK(last.at("by").at("id") == boost::json::value(user));
        CHECK(last.at("set").as_object().size() == 2);  // and when it was updated
        CHECK(last.at("set").at("headcount") == 8);
        CHECK(!company.as_object().contains("changed_by"));
        CHECK(run_words({"verify", data})
                  .out.ends_with(
                      "0 entries of 0 instances, 4 changes of the registry: all as written\n"));
        CHECK(run_words({"changes", folder.path()}).status == 1);
    }
}

}  // namespace sillage::server
