#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/cli/operator.hpp"
#include "tests/server/cli/run_words.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

using test::ok;
using test::run_words;

/// A data folder that nobody serves, with one cluster, and a place for files.
struct Place {
    test::TemporaryFolder folder;
    std::string data = folder.path() / "data";
    std::string cluster;

    Place() {
        ok(SqliteStore::open({.folder = data}));
        const auto made = ok(operate_json(data, {Method::post, "/v1/clusters", R"({"name":"A"})"}));
        cluster = std::string(made.at("id").as_string());
    }
    std::string file(const std::string& name, const std::string& text) {
        const std::string path = folder.path() / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
};

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const std::string two = "key;name;segment\n1;Maison;packaging\n2;Crème;packging\n";

}  // namespace

TEST_SUITE("cli/companies") {
    TEST_CASE("an import prints each row that failed and what became of all") {
        Place place;
        const std::string file = place.file("two.csv", two);
        const auto import = [&](std::vector<std::string> more) {
            more.insert(more.begin(), {"import", "companies", file, "--data", place.data,
                                       "--cluster", place.cluster});
            return run_words(more);
        };

        const auto tried = import({"--dry-run"});
        const auto done = import({});
        const auto again = import({});

        CHECK(tried.status == 1);
        CHECK(tried.out.ends_with(
            "1 created, 0 updated, 0 unchanged, 1 failed (nothing was written)\n"));
        CHECK(done.status == 1);
        CHECK(done.out.starts_with(file + ":3: segment: One of "));
        CHECK(
            done.out.ends_with("did you mean \"packaging\"?\n"
                               "1 created, 0 updated, 0 unchanged, 1 failed\n"));
        CHECK(again.out.ends_with("\n0 created, 0 updated, 1 unchanged, 1 failed\n"));
    }

    TEST_CASE("what was exported is imported without a change") {
        Place place;
        const std::string file = place.file("one.csv", "key,name\n1,\"=1, 2\"\n");
        const std::string copy = place.folder.path() / "copy.csv";
        REQUIRE(run_words(
                    {"import", "companies", file, "--data", place.data, "--cluster", place.cluster})
                    .status == 0);

        const auto written = run_words({"export", "companies", copy, "--data", place.data});
        const auto shown = run_words({"export", "companies", "--data", place.data});
        const auto taken = run_words({"import", "companies", copy, "--data", place.data});

        CHECK(written.status == 0);
        CHECK(written.out.empty());
        CHECK(shown.out == text_of(copy));
        CHECK(shown.out.find(",\"'=1, 2\",") != std::string::npos);
        CHECK(taken.out == "0 created, 0 updated, 1 unchanged, 0 failed\n");
    }

    TEST_CASE("the example's register is imported as it is, its clusters by their names") {
        Place place;
        for (const auto* cluster :
             {R"({"name":"Cosmetic Valley"})", R"({"name":"Beauty Cluster"})"}) {
            ok(operate_json(place.data, {Method::post, "/v1/clusters", cluster}));
        }
        const std::string file = std::string(SILLAGE_SOURCE_DIR) + "/examples/companies.csv";
        const auto export_of = [&](const std::string& cluster) {
            const auto run =
                run_words({"export", "companies", "--data", place.data, "--cluster", cluster});
            return std::ranges::count(run.out, '\n') - 1;
        };

        const auto taken = run_words({"import", "companies", file, "--data", place.data});
        const auto again = run_words({"import", "companies", file, "--data", place.data});

        CHECK(taken.out == "24 created, 0 updated, 0 unchanged, 0 failed\n");
        CHECK(again.out == "0 created, 0 updated, 24 unchanged, 0 failed\n");
        CHECK(export_of("Beauty Cluster") == 12);
        CHECK(export_of("A") == 0);
    }

    TEST_CASE("what cannot be imported at all is said in one line, with a status of its own") {
        Place place;
        const auto import = [&](const std::string& file) {
            return run_words({"import", "companies", file, "--data", place.data});
        };

        const auto no_file = import(place.folder.path() / "none.csv");
        const auto column = import(place.file("bad.csv", "nmae\nX\n"));

        CHECK(no_file.status != 0);
        CHECK(no_file.err.find("none.csv cannot be read.") != std::string::npos);
        CHECK(column.status != 0);
        CHECK(column.err.find("did you mean \"name\"?") != std::string::npos);
        CHECK(run_words({"import", "companies"}).status == 2);
        CHECK(run_words({"import", "people", "x"}).status == 2);
    }
}

}  // namespace sillage::server
