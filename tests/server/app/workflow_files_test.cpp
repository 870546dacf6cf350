#include "server/app/workflow_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "engine/store/memory/memory_store.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

std::string workflow(const std::string& name) {
    return "workflow: " + name +
           "\nversion: 1\nroles: { sme: {} }\ninitial: open\n"
           "states:\n  open: { on: { close: { by: sme, target: closed } } }\n"
           "  closed: { type: final }\n";
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

bool is_published(Store& store, const std::string& name) {
    const auto view = test::ok(store.read());
    return test::ok(view->definition(name, std::nullopt)).has_value();
}

}  // namespace

TEST_SUITE("app/workflow_files") {
    TEST_CASE("the YAML files of a folder are read in order of name, nothing else") {
        const test::TemporaryFolder folder;
        write(folder.path() / "b.yaml", "b");
        write(folder.path() / "a.yml", "a");
        write(folder.path() / "README.md", "no");

        const auto files = test::ok(read_workflow_files(folder.path()));

        REQUIRE(files.size() == 2);
        CHECK(files[0].text == "a");
        CHECK(files[1] == WorkflowFile{(folder.path() / "b.yaml").string(), "b"});
    }

    TEST_CASE("a folder that is not there is named") {
        CHECK(test::error_of(read_workflow_files("/nowhere/at/all")).where == "/nowhere/at/all");
    }

    TEST_CASE("files that pass are published, and again without complaint") {
        MemoryStore store;
        Runtime runtime(store);
        std::vector<Finding> findings;
        const std::vector<WorkflowFile> files{{"a.yaml", workflow("a")}, {"b.yaml", workflow("b")}};

        test::ok(publish_files(runtime, files, Instant{0}, findings));
        test::ok(publish_files(runtime, files, Instant{1}, findings));

        CHECK(is_published(store, "a"));
        CHECK(is_published(store, "b"));
        CHECK_FALSE(has_errors(findings));
    }

    TEST_CASE("one that does not pass keeps all back, and every finding is told") {
        MemoryStore store;
        Runtime runtime(store);
        std::vector<Finding> findings;

        const Error error = test::error_of(publish_files(runtime,
                                                         {{"a.yaml", workflow("a")},
                                                          {"b.yaml", workflow("b") + "stats: {}\n"},
                                                          {"c.yaml", "workflow: c\n"}},
                                                         Instant{0}, findings));

        CHECK(error.code == ErrorCode::definition_invalid);
        CHECK_FALSE(is_published(store, "a"));
        REQUIRE(findings.size() >= 2);
        CHECK(findings.front().file == "b.yaml");
        CHECK(findings.back().file == "c.yaml");
    }

    TEST_CASE("a version that exists with other content stops the start") {
        MemoryStore store;
        Runtime runtime(store);
        std::vector<Finding> findings;
        test::ok(publish_files(runtime, {{"a.yaml", workflow("a")}}, Instant{0}, findings));

        const Error error = test::error_of(publish_files(
            runtime, {{"a.yaml", workflow("a") + "title: A\n"}}, Instant{1}, findings));

        CHECK(error.code == ErrorCode::conflict);
    }
}

}  // namespace sillage::server
